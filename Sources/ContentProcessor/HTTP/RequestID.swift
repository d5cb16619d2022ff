/// What the lines of the log, the answer and the client call one request.
struct RequestID: Hashable, Sendable, CustomStringConvertible {
    let description: String

    /// A new one: 16 hexadecimal digits.
    init() {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        self.description = String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The client's own, when it is a short and harmless word.
    init?(_ text: String) {
        let isHarmless = text.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.isASCII
                && (Character(scalar).isLetter || Character(scalar).isNumber || "-_.".contains(Character(scalar)))
        }
        guard (1...64).contains(text.utf8.count), isHarmless else { return nil }
        self.description = text
    }
}
