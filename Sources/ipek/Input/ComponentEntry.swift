import Facility
import PaymentCrypto

/// The components that come in today, each from its file or from the custodian who types it.
struct ComponentEntry {
    let key: KeyName
    let algorithm: KeyAlgorithm
    let count: Int
    let options: ComponentOptions
    /// Whether what is typed must have come in a bag.
    let needsBag: Bool
    let console: Console

    /// Gives each component to `take`, together with who brought it.
    ///
    /// - Parameters:
    ///   - known: who brought the components of other days, and of other attempts.
    ///   - event: gets who brings what before it is read, so that what is refused is on record, too.
    func read(
        asking prompts: inout Prompts, after known: [CustodyRecord], telling event: inout AuditEvent,
        _ take: (borrowing KeyComponent, CustodyRecord, inout AuditEvent) throws -> Void
    ) throws {
        var known = known
        for (index, number) in options.numbers(of: count).enumerated() {
            let given = GivenCustody(options, at: index)
            event.begin(component: number, of: count)
            let entered =
                if index < options.files.count {
                    try read(options.files[index], number, given, known, &event)
                } else {
                    try ComponentCeremony(
                        entry: self, number: number, given: given,
                        isAfterFiles: index > 0 && index == options.files.count
                    )
                    .hold(asking: &prompts, after: known, telling: &event)
                }
            try take(entered.component, entered.custody, &event)
            known.insert(entered.custody, at: 0)
        }
    }

    private func read(
        _ file: String, _ number: Int, _ given: GivenCustody, _ known: [CustodyRecord], _ event: inout AuditEvent
    ) throws -> EnteredComponent {
        event.add(custodian: given.custodian, ofComponent: number)
        event.add(bag: given.bag, ofComponent: number)
        try known.check(custodian: given.custodian, for: number)
        try known.check(bag: given.bag, for: number)
        let line = try SecretSource(file).readOnlyLine()
        let component: KeyComponent
        do throws(KeyComponentError) { component = try KeyComponent(line, algorithm: algorithm) } catch {
            throw CommandFailure(error.status, at: file, "\(error)")
        }
        let entered = try given.entered(component, number: number, telling: &event)
        console.notice("component \(number) of \(count): KCV \(entered.custody.checkValue)")
        return entered
    }
}

/// A component that came in, and who brought it.
struct EnteredComponent: ~Copyable {
    let component: KeyComponent
    let custody: CustodyRecord
}

/// What the command line says about one component.
struct GivenCustody {
    var custodian: CustodyName?
    var bag: CustodyName?
    var expectedCheckValue: ExpectedCheckValue?

    init(_ options: ComponentOptions, at index: Int) {
        custodian = Self.element(options.custodian, index)
        bag = Self.element(options.bag, index)
        expectedCheckValue = Self.element(options.expectedCheckValues, index)
    }

    /// The component with its record, unless it has another check value than was expected.
    func entered(
        _ component: consuming KeyComponent, number: Int, telling event: inout AuditEvent
    ) throws -> EnteredComponent {
        let record = CustodyRecord(
            number: number, custodian: custodian, bag: bag, checkValue: try component.checkValue().description)
        event.add(record)
        do { try expectedCheckValue?.check(component) } catch let error as CheckValueMismatch {
            throw CommandFailure(.refused, "component \(number): \(error)", hint: error.hint)
        }
        return EnteredComponent(component: component, custody: record)
    }

    private static func element<Element>(_ list: [Element], _ index: Int) -> Element? {
        index < list.count ? list[index] : nil
    }
}
