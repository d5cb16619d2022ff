import Glibc

/// Makes readable text of file names whose character set nobody wrote down.
///
/// Names that are UTF-8 are taken as they are. For the others, all of one source, the character set is taken in which
/// most of them look like words; the first one, which the zip format names, decodes everything.
package struct FileNames: Sendable {
    private let characterSet: String

    /// In the order of preference where two fit equally well.
    private static let characterSets = ["CP437", "CP850", "CP866", "CP932", "GBK"]

    /// - Parameter names: of one source, byte by byte.
    package init(_ names: some Sequence<[UInt8]>) {
        let doubtful = names.lazy.filter { String(validating: $0, as: UTF8.self) == nil }.prefix(1000)
        let sample = doubtful.map { $0 + [0x2F] }.flatMap { $0 }
        var best = (characterSet: Self.characterSets[0], score: 0.0)
        for characterSet in Self.characterSets where !sample.isEmpty {
            guard let text = Self.decode(sample, as: characterSet) else { continue }
            let score = Self.score(text, sample, as: characterSet)
            if score > best.score { best = (characterSet, score) }
        }
        self.characterSet = best.characterSet
    }

    /// Readable text for a name; bytes that have no meaning become `%XX`.
    package func text(of name: [UInt8]) -> String {
        if let text = String(validating: name, as: UTF8.self) { return text }
        if let text = Self.decode(name, as: self.characterSet) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        let escaped = name.flatMap { $0 < 0x80 ? [$0] : [0x25, digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func decode(_ bytes: [UInt8], as characterSet: String) -> String? {
        let converter = unsafe iconv_open("UTF-8", characterSet)
        // -1 for a character set that this system does not have.
        guard Int(bitPattern: converter) != -1 else { return nil }
        defer { unsafe iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 4)
        let written: Int? = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                var (from, to) = (source.baseAddress, target.baseAddress)
                var (left, room) = (source.count, target.count)
                let status = unsafe iconv(converter, &from, &left, &to, &room)
                return status == 0 && left == 0 ? target.count - room : nil
            }
        }
        return written.map { String(decoding: output[..<$0].map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }
}

// MARK: Which character set fits

extension FileNames {
    /// 0 for noise, 1 for words throughout.
    private static func score(_ text: String, _ bytes: [UInt8], as characterSet: String) -> Double {
        switch characterSet {
        case "CP932": self.score(pairsIn: bytes, isLead: { (0x81...0x9F).contains($0) || $0 >= 0xE0 }, Self.japanese)
        case "GBK": self.score(pairsIn: bytes, isLead: { $0 > 0x80 }, Self.chinese)
        case "CP866": self.score(lettersIn: text) { (0x0400...0x045F).contains($0.value) }
        default: self.score(lettersIn: text, mixedWith: \.isASCII) { (0x00C0...0x017F).contains($0.value) }
        }
    }

    /// The share of the characters outside ASCII that stand in words: of the letters given, written small, in capitals
    /// or with one capital in front.
    private static func score(
        lettersIn text: String, mixedWith isMixed: (Unicode.Scalar) -> Bool = { _ in false },
        _ isLetter: (Unicode.Scalar) -> Bool
    ) -> Double {
        let words = text.unicodeScalars.split { !$0.properties.isAlphabetic }
        let count = text.unicodeScalars.count { !$0.isASCII }
        let good = words.reduce(0) { sum, word in
            let rest = word.dropFirst()
            let isEven =
                rest.allSatisfy { !$0.properties.isUppercase } || word.allSatisfy { !$0.properties.isLowercase }
            guard isEven, word.allSatisfy({ isLetter($0) || isMixed($0) }) else { return sum }
            return sum + word.count { !$0.isASCII }
        }
        return Double(good) / Double(max(1, count))
    }

    /// The mean weight of the characters outside ASCII. One alone beside ASCII letters is no East Asian word.
    private static func score(
        pairsIn bytes: [UInt8], isLead: (UInt8) -> Bool, _ weight: (UInt8, UInt8) -> Double
    ) -> Double {
        var (sum, count, position, run) = (0.0, 0, 0, 0)
        func isLetter(at index: Int) -> Bool {
            bytes.indices.contains(index) && Unicode.Scalar(bytes[index]).isASCII
                && Unicode.Scalar(bytes[index]).properties.isAlphabetic
        }
        var before = false
        while position < bytes.count {
            let byte = bytes[position]
            guard byte >= 0x80 else {
                (run, position) = (0, position + 1)
                continue
            }
            let length = isLead(byte) && position + 1 < bytes.count ? 2 : 1
            let next = position + length
            if run == 0 { before = isLetter(at: position - 1) }
            let isAlone = run == 0 && (next >= bytes.count || bytes[next] < 0x80)
            run += 1
            count += 1
            if !(isAlone && (before || isLetter(at: next))) {
                sum += weight(byte, length == 2 ? bytes[position + 1] : 0)
            }
            position = next
        }
        return sum / Double(max(1, count))
    }

    /// Kana and the kanji of everyday use before the rare ones.
    private static func japanese(_ lead: UInt8, _ trail: UInt8) -> Double {
        switch lead {
        case 0x82 where trail >= 0x9F, 0x83 where trail <= 0x96, 0x88...0x97: 1
        case 0x81, 0x82: 0.5
        case 0x98...0x9F, 0xE0...0xEA: 0.4
        case 0xA1...0xDF: 0.3
        default: 0
        }
    }

    /// The hanzi of GB 2312, the frequent ones first.
    private static func chinese(_ lead: UInt8, _ trail: UInt8) -> Double {
        guard trail >= 0xA1 else { return 0 }
        return switch lead {
        case 0xB0...0xD7: 1
        case 0xA1...0xA9, 0xD8...0xF7: 0.5
        default: 0
        }
    }
}
