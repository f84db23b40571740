"""The model as JSON documents: what the API speaks, what the ledger keeps, what exports hold."""
