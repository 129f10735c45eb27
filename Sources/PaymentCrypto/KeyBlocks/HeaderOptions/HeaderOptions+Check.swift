extension HeaderOptions {
    /// Refuses what no key block can have, whatever key it is for: for options that are kept and used later.
    public func check() throws(HeaderOptionError) {
        try checkOptionalBlocks()
        for option in optionalBlocks {
            if OptionalBlockOption.serialNumbers.contains(option.id) { throw .serialNumberBlock(option.id) }
            guard let value = option.constantValue else { continue }
            guard let block = OptionalBlock(option.id, data: value) else { throw .notPrintable(option.id) }
            do throws(OptionalBlockContentsError) { _ = try OptionalBlockContents(block) } catch {
                throw .unfit("optional block \(option.id): \(error.words)")
            }
        }
    }
}
