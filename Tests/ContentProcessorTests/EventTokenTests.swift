import Domain
import Foundation
import ServiceConfiguration
import Testing

@testable import ContentProcessor

@Suite struct EventTokenTests {
    static let job = ObjectID(seconds: 1, unique: 2)
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// Tokens of a service with these keys, whose digests are their bytes: what a digest is matters nothing here.
    static func tokens(_ keys: String...) throws -> EventTokens {
        EventTokens(
            keys: try KeyRing(keys.map { ServiceKey(.plain(Secret($0)), place: "test") }) { Array($0.utf8) })
    }

    @Test func aTokenOpensItsJobForAnHour() throws {
        let tokens = try Self.tokens("one")
        let token = try #require(tokens.token(for: Self.job, now: Self.now))
        #expect(tokens.accepts(token, for: Self.job, now: Self.now))
        #expect(tokens.accepts(token, for: Self.job, now: Self.now.addingTimeInterval(3599)))
        #expect(!tokens.accepts(token, for: Self.job, now: Self.now.addingTimeInterval(3600)))
        #expect(!tokens.accepts(token, for: ObjectID(seconds: 1, unique: 3), now: Self.now))
    }

    @Test func aTokenOutlivesTheChangeOfKeysAndEndsWithItsKey() throws {
        let token = try #require(try Self.tokens("old").token(for: Self.job, now: Self.now))
        #expect(try Self.tokens("new", "old").accepts(token, for: Self.job, now: Self.now))
        #expect(try !Self.tokens("new").accepts(token, for: Self.job, now: Self.now))
        #expect(try !Self.tokens().accepts(token, for: Self.job, now: Self.now))
        #expect(try Self.tokens().token(for: Self.job, now: Self.now) == nil)
    }

    @Test(arguments: [
        "", ".", "1", "1.", ".00", "1800003600", "1800003600.00", "9999999999.%@", "1800003600.%@.", "x.%@",
    ])
    func aTokenThatWasChangedOpensNothing(form: String) throws {
        let tokens = try Self.tokens("one")
        let code = try #require(tokens.token(for: Self.job, now: Self.now)?.split(separator: ".").last)
        let token = form.replacing("%@", with: code)
        #expect(!tokens.accepts(token, for: Self.job, now: Self.now))
    }

    @Test func everyBitOfTheCodeCounts() throws {
        let tokens = try Self.tokens("one")
        let token = Array(try #require(tokens.token(for: Self.job, now: Self.now)))
        for index in token.indices.suffix(64) {
            var changed = token
            changed[index] = token[index] == "0" ? "1" : "0"
            #expect(!tokens.accepts(String(changed), for: Self.job, now: Self.now))
        }
    }
}
