import Domain
import Crypto
import FoundationEssentials
import ServiceConfiguration

/// Makes and checks the tokens of `links.events`, since a browser's EventSource cannot send a key.
///
/// A token is `<seconds since 1970>.<HMAC-SHA256>` in hexadecimal digits, over the job's id and the moment of its
/// expiry. Its secret comes from the service's keys, so that every process with the same configuration accepts it, and
/// none once the key is gone. It opens the events of one job and nothing else.
struct EventTokens: Sendable {
    /// Of the keys of the service; the first one signs.
    private let secrets: [SymmetricKey]

    /// A page asks for the job again when its link is older.
    static let lifetime: TimeInterval = 3600

    static let rejection = Problem(401, "The token is wrong or has expired; ask for the job again.")

    init(keys: KeyRing) {
        self.secrets = keys.digests.map { digest in
            let purpose = Data("content-processor job events".utf8)
            let secret = HMAC<SHA256>.authenticationCode(for: purpose, using: SymmetricKey(data: digest))
            return SymmetricKey(data: Data(secret))
        }
    }

    /// A token for the job's events; `nil` without keys.
    func token(for job: ObjectID, now: Date = Date()) -> String? {
        guard let secret = self.secrets.first else { return nil }
        let expiry = Int(now.timeIntervalSince1970 + Self.lifetime)
        let code = HMAC<SHA256>.authenticationCode(for: Self.message(job, expiry), using: secret)
        return "\(expiry).\(hexadecimal(code))"
    }

    /// Whether the token opens the job's events now. Compares in constant time.
    func accepts(_ token: String, for job: ObjectID, now: Date = Date()) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let expiry = Int(parts[0]), let code = Self.bytes(parts[1]) else { return false }
        let message = Self.message(job, expiry)
        let isSigned = self.secrets.map {
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: $0)
        }
        return isSigned.contains(true) && now.timeIntervalSince1970 < TimeInterval(expiry)
    }

    private static func message(_ job: ObjectID, _ expiry: Int) -> Data { Data("\(job).\(expiry)".utf8) }

    private static func bytes(_ hexadecimal: Substring) -> Data? {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        guard digits.count == hexadecimal.count, digits.count == 2 * SHA256.Digest.byteCount else { return nil }
        return Data(stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}

extension EventTokens {
    /// Where to ask for the job, and where to watch it.
    func links(to job: ObjectID) -> JobLinks {
        JobLinks(job, events: self.token(for: job).map { "/api/jobs/\(job)/events?token=\($0)" })
    }
}
