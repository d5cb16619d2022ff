/// Keeps floods of messages down to a few lines, a pure value: of messages that are alike the first is shown, and of
/// kinds of messages the first few.
///
/// Messages that differ only in numbers are alike: a damaged video names thousands of places.
package struct MessageCounts: Sendable {
    /// Kinds that are shown.
    private let kindLimit: Int
    /// By kind, in the order of their coming.
    private var kinds: [(pattern: String, first: String, count: Int)] = []
    private var leftOutCount = 0

    package init(kindLimit: Int = 10) { self.kindLimit = kindLimit }

    /// Notes a message; `true` when it is to be shown.
    package mutating func admits(_ message: String) -> Bool {
        let pattern = Self.pattern(of: message)
        if let index = self.kinds.firstIndex(where: { $0.pattern == pattern }) {
            self.kinds[index].count += 1
            return false
        }
        guard self.kinds.count < self.kindLimit else {
            self.leftOutCount += 1
            return false
        }
        self.kinds.append((pattern, message, 1))
        return true
    }

    /// What was said more often than shown, in sentences that name how often; empty when everything was shown.
    package var summary: [(message: String, count: Int)] {
        var summary = self.kinds.filter { $0.count > 1 }.map { ($0.first, $0.count) }
        if self.leftOutCount > 0 { summary.append(("messages of other kinds", self.leftOutCount)) }
        return summary
    }

    /// The message with a 0 for every number.
    private static func pattern(of message: String) -> String {
        var pattern: [UInt8] = []
        pattern.reserveCapacity(message.utf8.count)
        for byte in message.utf8 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                pattern.append(byte)
                continue
            }
            if pattern.last != UInt8(ascii: "0") { pattern.append(UInt8(ascii: "0")) }
        }
        return String(decoding: pattern, as: UTF8.self)
    }
}
