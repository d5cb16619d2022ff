internal import Domain

extension LocalDateTime {
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
