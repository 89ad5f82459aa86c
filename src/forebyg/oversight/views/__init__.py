"""The pages of the data protection officer. Each look is an event of the ledger itself."""
