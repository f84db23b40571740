"""The line without the network: texts, bundles, mail and cards."""
