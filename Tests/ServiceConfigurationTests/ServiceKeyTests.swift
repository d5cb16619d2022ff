import FoundationEssentials
import Testing

@testable import ServiceConfiguration

@Suite struct KeyRingTests {
    static let published = "5ac2328f0ee3ea130e955a4a791a752ab40563e94e834aff4cf40373573c1f8f"

    /// Stands in for SHA-256: 32 bytes that differ where short texts differ.
    @Sendable static func digest(_ text: String) -> [UInt8] {
        (0..<32).map { index in index < text.utf8.count ? Array(text.utf8)[index] : 0 }
    }

    static func ring(_ text: String) throws -> KeyRing {
        try KeyRing(settings("[App]\n\(text)").app.keys, sha256: Self.digest)
    }

    @Test func bothKeysAreAcceptedAndNoOther() throws {
        let (first, second) = ("the-first-of-all-keys", "the-second-of-all-keys")
        let ring = try Self.ring("api_key = \(first)\napi_key_next = \(second)")
        for key in [first, second] { #expect(ring.accepts(key)) }
        for key in [
            "", "The-first-of-all-keys", "the-first-of-all-key", "\(first) ", "the-third-of-all-keys", first + second,
        ] {
            #expect(!ring.accepts(key))
        }
    }

    @Test func aDigestAcceptsItsKeyAndNotItself() throws {
        let digits = Self.digest("first").map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let ring = try Self.ring("api_key = SHA256:\(digits.uppercased())")
        #expect(ring.accepts("first"))
        #expect(!ring.accepts("sha256:\(digits)"))
        #expect(!ring.accepts(digits))
    }

    @Test func anEmptyRingAcceptsNobody() throws {
        #expect(!(try Self.ring("").accepts("")))
    }

    @Test func thePublishedKeyIsRefusedInBothForms() throws {
        let complaint = "this API key was published by the replaced system; choose another"
        let asDigest = #expect(throws: ConfigurationError.self) {
            try Self.ring("api_key = a-good-key-of-your-own\napi_key_next = sha256:\(Self.published)")
        }
        #expect(asDigest?.description == "config.cfg:3: \(complaint)")
        let keys = try settings("", ["APP_API_KEY": "well-known-to-everybody"]).app.keys
        let inClear = #expect(throws: ConfigurationError.self) {
            try KeyRing(keys) { _ in
                stride(from: 0, to: 64, by: 2).compactMap { UInt8(Self.published.dropFirst($0).prefix(2), radix: 16) }
            }
        }
        #expect(inClear?.description == "environment variable APP_API_KEY: \(complaint)")
    }
}

@Suite struct ServiceKeyFileTests {
    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // Nothing is left to say when tidying up fails.
        try body(folder.path())
    }

    @Test func theFirstStartMakesAKeyForItsOwnerOnly() throws {
        try Self.withFolder { folder in
            let file = ServiceKeyFile(workFolder: folder + "/work")
            let first = try file.readOrMake()
            let second = try file.readOrMake()
            #expect(first.isNew)
            #expect(!second.isNew)
            #expect(first.key == second.key)
            #expect(file.path == folder + "/work/api_key")
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/work") == ["api_key"])
            guard case .plain(let secret) = first.key.form else {
                Issue.record("a new key is kept in clear")
                return
            }
            #expect(secret.reveal().utf8.count == 64)
        }
    }

    @Test func startsAtOnceAgreeOnOneKey() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // Nothing is left to say when tidying up fails.
        let path = folder.path()
        let results = try await withThrowingTaskGroup { group in
            for _ in 0..<32 {
                group.addTask { try ServiceKeyFile(workFolder: path).readOrMake() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(results.map(\.key)).count == 1)
        #expect(results.filter(\.isNew).count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["api_key"])
    }

    @Test func aKeyOfYourOwnInTheFileIsTaken() throws {
        try Self.withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("a-key-of-my-very-own\n".utf8).write(to: URL(filePath: folder + "/api_key"))
            let (key, isNew) = try ServiceKeyFile(workFolder: folder).readOrMake()
            #expect(key.form == .plain(Secret("a-key-of-my-very-own")))
            #expect(!isNew)
        }
    }

    @Test func aFileWithoutAKeyStopsTheStart() throws {
        try Self.withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for text in ["", "\n", "two words"] {
                try Data(text.utf8).write(to: URL(filePath: folder + "/api_key"))
                #expect(throws: ConfigurationError.self) { try ServiceKeyFile(workFolder: folder).readOrMake() }
            }
        }
    }
}
