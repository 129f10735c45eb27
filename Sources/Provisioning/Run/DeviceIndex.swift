import Facility
import PaymentCrypto

/// Feeds the site's own index of a run, from which a device's story is told without the run's folder.
///
/// One owner: the stage that delivers chunks.
final class DeviceIndex {
    private let writer: RunIndexWriter
    /// The place of each base derivation key in the index, by its place in ``ManifestKeys``; -1 for those not used.
    private let places: [Int]

    init(
        _ run: RunIdentifier, baseKeys used: Set<Int>, of directory: KeyDirectory, in site: Site
    ) throws {
        var (keys, places): ([RunIndexBaseKey], [Int]) = ([], directory.entries.map { _ in -1 })
        for index in used.sorted() {
            let entry = directory.entries[index]
            guard let fingerprint = entry.fingerprint else {
                throw FacilityError.internalFault("a base derivation key without its fingerprint")
            }
            // Two names of one key have one place.
            places[index] = keys.firstIndex { $0.fingerprint == fingerprint } ?? keys.count
            if places[index] < keys.count { continue }
            keys.append(RunIndexBaseKey(fingerprint: fingerprint, family: DUKPTFamily(entry.effectiveAlgorithm)))
        }
        self.places = places
        writer = try RunIndexWriter(run, baseKeys: keys, in: site)
    }

    /// Adds the devices of a chunk that have a key.
    func append(_ chunk: ProvisioningChunk) throws(FacilityError) {
        let devices = chunk.devices
        for device in 0..<devices.count where devices.status[device] == .accepted {
            guard let checkValue = chunk.products.checkValue[device] else {
                throw .internalFault("a device without a check value")
            }
            try writer.append(
                device: devices.identifier(device), slot: chunk.text(devices.slot[device]),
                leading: devices.initialKSN[device], baseKey: places[Int(devices.baseKey[device])],
                checkValue: checkValue)
        }
    }

    /// Brings the index to disk under its name.
    func finish() throws(FacilityError) -> RunIndexSeal { try writer.finish() }
}
