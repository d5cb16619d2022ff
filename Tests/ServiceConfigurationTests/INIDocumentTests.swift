import Testing

@testable import ServiceConfiguration

@Suite struct INIDocumentTests {
    /// A line and the value that it gives `key`.
    static let values: [(line: String, value: String)] = [
        ("key = value", "value"),
        ("key: value", "value"),
        ("key=value", "value"),
        ("  KEY \t=\t value with blanks  ", "value with blanks"),
        ("key = a;b#c=d%e", "a;b#c=d%e"),
        ("key = \"quoted\"", "\"quoted\""),
        ("key = mongodb://host:1/x?a=b", "mongodb://host:1/x?a=b"),
        ("key: a=b", "a=b"),
        ("key =", ""),
        ("key = naïve 日本", "naïve 日本"),
    ]

    @Test(arguments: values)
    func aLineGivesItsKeyTheRestAsValue(line: String, value: String) throws {
        for ending in ["", "\n", "\r\n", "\r\n; end"] {
            let document = try INIDocument(name: "a.cfg", bytes: Array("[Part]\n\(line)\(ending)".utf8))
            #expect(document.entry(section: "part", key: "Key")?.value == value)
            #expect(document.entries.count == 1)
        }
    }

    @Test func aByteOrderMarkAndCommentsSayNothing() throws {
        let text = "\u{FEFF}# one\r\n ; two\r\n\r\n[A]\r\n#key = 1\r\nkey = 2\r\n"
        let document = try INIDocument(name: "a.cfg", bytes: Array(text.utf8))
        #expect(document.entries.map(\.line) == [6])
        #expect(document.sections.map(\.name) == ["A"])
    }

    static let complaints: [(text: String, line: String)] = [
        ("key = 1", "a.cfg:1: key stands before the first [section]"),
        ("[A]\nkey", "a.cfg:2: the line is no [section], key = value or # comment"),
        ("[A]\n= 1", "a.cfg:2: the line is no [section], key = value or # comment"),
        ("[A", "a.cfg:1: a section must be written [name], alone on its line"),
        ("[]", "a.cfg:1: a section must be written [name], alone on its line"),
        ("[A] # why", "a.cfg:1: a section must be written [name], alone on its line"),
        ("[A]\nkey = 1\nKey = 2", "a.cfg:3: [A] Key is given twice, first on line 2"),
        ("[A]\nkey = 1\n[B]\n[a]\nkey = 1", "a.cfg:5: [a] key is given twice, first on line 2"),
    ]

    @Test(arguments: complaints)
    func aBadLineIsNamed(text: String, line: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try INIDocument(name: "a.cfg", bytes: Array(text.utf8))
        }
        #expect(error?.description == line)
    }

    @Test func bytesThatAreNotUTF8AreNamedByTheirLine() {
        let error = #expect(throws: ConfigurationError.self) {
            try INIDocument(name: "a.cfg", bytes: Array("[A]\nkey = ".utf8) + [0xFF])
        }
        #expect(error?.description == "a.cfg:2: the line is not UTF-8 text")
    }

    @Test func noBytesTrapTheReader() {
        var generator = SeededGenerator(seed: 1)
        let alphabet = Array("[]=:#;\r\n \tkA.\u{FEFF}é".utf8) + [0, 0xFF]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).compactMap { _ in
                alphabet.randomElement(using: &generator)
            }
            // What it says is of no interest here: it must come back.
            _ = try? INIDocument(name: "a.cfg", bytes: bytes)
        }
    }
}

/// Repeatable numbers: SplitMix64 (<https://prng.di.unimi.it/splitmix64.c>).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
