extension UnverifiedKeyBlock {
    /// Everything in the clear that is not as X9.143 has it.
    ///
    /// What the key itself shows, its length and its check values, comes with opening.
    public var deviations: [KeyBlockDeviation] {
        textDeviations + HeaderRules.deviations(self)
            + optionalBlocks.flatMap { OptionalBlockRules.deviations($0, header: header) }
    }
}
