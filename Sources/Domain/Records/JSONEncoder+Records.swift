package import FoundationEssentials

extension JSONEncoder {
    /// Writes records for people and clients: ids as hexadecimal text, dates in ISO 8601 with milliseconds, names in
    /// the order of the alphabet so that answers can be compared.
    package static var forRecords: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
        return encoder
    }
}
