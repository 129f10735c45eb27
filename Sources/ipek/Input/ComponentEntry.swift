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
    /// - Parameter known: who brought the components of other days.
    func read(
        asking prompts: inout Prompts, after known: [CustodyRecord] = [],
        _ take: (borrowing KeyComponent, CustodyRecord) throws -> Void
    ) throws {
        var known = known
        for (index, number) in options.numbers(of: count).enumerated() {
            let given = GivenCustody(options, at: index)
            let entered =
                if index < options.files.count {
                    try read(options.files[index], number, given, known)
                } else {
                    try ComponentCeremony(
                        entry: self, number: number, given: given,
                        isAfterFiles: index > 0 && index == options.files.count
                    )
                    .hold(asking: &prompts, after: known)
                }
            try take(entered.component, entered.custody)
            known.append(entered.custody)
        }
    }

    private func read(
        _ file: String, _ number: Int, _ given: GivenCustody, _ known: [CustodyRecord]
    ) throws -> EnteredComponent {
        try known.check(custodian: given.custodian, for: number)
        try known.check(bag: given.bag, for: number)
        let line = try SecretSource(file).readOnlyLine()
        let component: KeyComponent
        do throws(KeyComponentError) { component = try KeyComponent(line, algorithm: algorithm) } catch {
            throw CommandFailure(error.status, at: file, "\(error)")
        }
        let entered = try given.entered(component, number: number)
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
    func entered(_ component: consuming KeyComponent, number: Int) throws -> EnteredComponent {
        do { try expectedCheckValue?.check(component) } catch let error as CheckValueMismatch {
            throw CommandFailure(.refused, "component \(number): \(error)", hint: error.hint)
        }
        let record = CustodyRecord(
            number: number, custodian: custodian, bag: bag, checkValue: try component.checkValue().description)
        return EnteredComponent(component: component, custody: record)
    }

    private static func element<Element>(_ list: [Element], _ index: Int) -> Element? {
        index < list.count ? list[index] : nil
    }
}
