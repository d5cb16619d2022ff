internal import FoundationEssentials
internal import Glibc

/// The key that the service makes for itself when none is configured: `<work>/api_key`, readable by its owner only.
package struct ServiceKeyFile: Sendable {
    package let path: String

    /// - Parameter workFolder: absolute; made when absent.
    package init(workFolder: String) {
        self.path = workFolder + "/api_key"
    }

    /// The key in the file, which is made when there is none.
    ///
    /// Of several starts at once one makes the key and all return it: a new key is written beside the file and gets
    /// its name by `link`, which fails when the name is taken. Blocks on the disk; call it once, at start.
    ///
    /// - Returns: the key and whether this call made it, so that the start can tell where it is kept.
    /// - Throws: ``ConfigurationError`` when the file can be neither read nor made, or holds no key.
    package func readOrMake() throws(ConfigurationError) -> (key: ServiceKey, isNew: Bool) {
        if let key = try self.read() { return (key, false) }
        let isNew = try self.make()
        guard let key = try self.read() else { throw self.failure("make") }
        return (key, isNew)
    }

    private func read() throws(ConfigurationError) -> ServiceKey? {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: self.path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        } catch {
            throw self.failure("read")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        guard !text.isEmpty, let form = ValueRule<ServiceKey.Form>.serviceKey.parse(text) else {
            throw ConfigurationError(.badValue, at: self.path, "the file must hold the API key and nothing else")
        }
        return ServiceKey(form, place: self.path)
    }

    /// Returns whether the new key got the name, `false` when another start was first.
    private func make() throws(ConfigurationError) -> Bool {
        let folder = URL(filePath: self.path).deletingLastPathComponent()
        let draft = "\(self.path).\(Self.randomText(wordCount: 1))"
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw self.failure("make")
        }
        defer { unsafe unlink(draft) }
        guard self.write(Self.randomText(wordCount: 4) + "\n", toNewFile: draft) else { throw self.failure("make") }
        if unsafe link(draft, self.path) == 0 { return true }
        guard errno == EEXIST else { throw self.failure("make") }
        return false
    }

    private func write(_ text: String, toNewFile path: String) -> Bool {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        return unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    }

    private func failure(_ action: String) -> ConfigurationError {
        ConfigurationError(.unreadable, at: self.path, "cannot \(action) the file of the API key")
    }

    /// 64 random bits for each word, as hexadecimal digits.
    private static func randomText(wordCount: Int) -> String {
        (0..<wordCount).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
