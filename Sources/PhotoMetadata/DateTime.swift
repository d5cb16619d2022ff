extension PhotoMetadata {
    /// A date of the Gregorian calendar and a time of day, as the camera's clock showed them: without a time zone.
    package struct DateTime: Codable, Hashable, Sendable, CustomStringConvertible {
        package var year: Int
        package var month: Int
        package var day: Int
        package var hour: Int
        package var minute: Int
        package var second: Int

        package init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
            self.year = year
            self.month = month
            self.day = day
            self.hour = hour
            self.minute = minute
            self.second = second
        }

        /// ISO 8601 without a zone: "2026-07-14T23:59:59".
        package var description: String {
            let date = [Self.padded(self.year, to: 4), Self.padded(self.month), Self.padded(self.day)]
            let time = [self.hour, self.minute, self.second].map { Self.padded($0) }
            return date.joined(separator: "-") + "T" + time.joined(separator: ":")
        }

        private static func padded(_ number: Int, to length: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, length - digits.count)) + digits
        }
    }
}

extension PhotoMetadata.DateTime {
    /// "YYYY:MM:DD HH:MM:SS" (CIPA DC-008 (Exif 2.32) 4.6.5, DateTimeOriginal); `nil` when there is no such day or time.
    init?(exif text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 19, bytes[10] == 0x20 else { return nil }
        guard [4, 7, 13, 16].allSatisfy({ bytes[$0] == 0x3A }) else { return nil }
        var numbers: [Int] = []
        for range in [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19] {
            guard bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            numbers.append(bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        self.init(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
            second: numbers[5])
        guard self.isValid else { return nil }
    }

    private var isValid: Bool {
        guard self.year >= 1, (1...12).contains(self.month) else { return false }
        let isLeapYear =
            self.year.isMultiple(of: 4) && (!self.year.isMultiple(of: 100) || self.year.isMultiple(of: 400))
        let dayCounts = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...dayCounts[self.month - 1]).contains(self.day) && self.hour < 24 && self.minute < 60
            && self.second < 60
    }
}
