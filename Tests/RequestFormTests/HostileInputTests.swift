import Testing

@testable import RequestForm

@Suite struct HostileInputTests {
    /// Well under what a waiting client notices, and far above what a linear reader needs unoptimised.
    static let limit = Duration.seconds(2)

    @Test func noTruncationOfAGoodBodyIsTaken() {
        for request in ClientTests.requests where !request.contentType.hasPrefix("application/x-www") {
            let body = Array(request.body.utf8)
            // A break after the closing boundary may go.
            let needed = body.lastIndex { $0 != 0x0D && $0 != 0x0A } ?? 0
            for count in 0..<needed {
                if case .success = outcome(request.contentType, Array(body.prefix(count))) {
                    Issue.record("\(request.client): the first \(count) bytes were taken")
                }
            }
        }
    }

    @Test func changedBytesNeverTrap() {
        var generator = SeededGenerator(seed: 7)
        let telling = Array("\r\n-b\"\\%&=+{}[]:,;u0e.\0 ".utf8) + [0xEF, 0xD8, 0xFF]
        var taken = 0
        for round in 0..<6000 {
            let request = ClientTests.requests[round % ClientTests.requests.count]
            var body = Array(request.body.utf8)
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<body.count, using: &generator)
                let byte = telling[Int.random(in: 0..<telling.count, using: &generator)]
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: body[place] = byte
                case 1: body.insert(byte, at: place)
                default: body.removeSubrange(place..<min(body.count, place + 3))
                }
                if body.isEmpty { body = [byte] }
            }
            if case .success = outcome(request.contentType, body) { taken += 1 }
        }
        // Both ways were walked.
        #expect((1..<6000).contains(taken))
    }

    @Test func randomBytesNeverTrap() {
        var generator = SeededGenerator(seed: 11)
        for round in 0..<3000 {
            let request = ClientTests.requests[round % ClientTests.requests.count]
            let count = Int.random(in: 0...300, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if case .success(let fields) = outcome(request.contentType, bytes) {
                #expect(fields.count <= 64)
            }
        }
    }

    @Test func randomContentTypesNeverTrap() {
        var generator = SeededGenerator(seed: 13)
        let parts = ["multipart/form-data", ";", "=", "\"", "\\", "boundary", "charset", "b", "utf-8", " ", "\t", "é"]
        for _ in 0..<5000 {
            let type = (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
                parts.randomElement(using: &generator)
            }.joined()
            if case .success(let fields) = outcome(type, "--b--") { #expect(fields.isEmpty) }
        }
    }

    static let repeated: [(contentType: String, unit: String)] = [
        ("multipart/form-data; boundary=b", "\r\n--b\r\n"),
        ("multipart/form-data; boundary=\(String(repeating: "-", count: 70))", "\r\n---------"),
        ("multipart/form-data; boundary=b", "--b\r\na: b\r\n"),
        ("application/x-www-form-urlencoded", "a&"),
        ("application/x-www-form-urlencoded", "%41"),
        ("application/json", "{\"a\":"),
        ("application/json", "\\u0041"),
        ("application/json", "["),
    ]

    @Test(arguments: repeated)
    func sixtyFourKibibytesOfTheSameAreReadAtOnce(contentType: String, unit: String) {
        let body = String(repeating: unit, count: 65_536 / unit.utf8.count)
        let elapsed = ContinuousClock().measure {
            for start in ["", "--b\r\n", "{\"a\":\"", "{\"a\":["] { _ = outcome(contentType, start + body) }
        }
        #expect(elapsed < Self.limit)
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
