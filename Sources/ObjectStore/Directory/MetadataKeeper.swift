internal import CXattr
import Glibc

/// Keeps an object's metadata beside its bytes, where it does not disturb people who look into the directory.
enum MetadataKeeper: Sendable {
    /// In extended attributes of the object's file: they come and go with it.
    case attributes
    /// In a hidden file `.<name>.info`, for file systems without extended attributes.
    case hiddenFiles

    /// The freedesktop.org name, which other programs read too
    /// (<https://www.freedesktop.org/wiki/CommonExtendedAttributes/>).
    private static let contentTypeAttribute = "user.mime_type"
    private static let sha256Attribute = "user.sha256"

    /// Finds out by trying on `file`, which stays without them.
    static func fitting(_ file: OpenFile) throws(SystemCallError) -> MetadataKeeper {
        do throws(SystemCallError) {
            try self.set(self.sha256Attribute, to: "", on: file)
            try SystemCallError.check(
                unsafe fremovexattr(file.descriptor, self.sha256Attribute), from: "fremovexattr")
            return .attributes
        } catch let error where [ENOTSUP, EPERM].contains(error.number) {
            return .hiddenFiles
        }
    }

    /// Keeps `metadata` for `file`, which is about to get `name` in `directory`.
    ///
    /// A hidden file tells which file it is about: until the object itself has its name, the old object has no metadata
    /// rather than wrong ones.
    func keep(
        _ metadata: ObjectMetadata, for file: OpenFile, named name: String, in directory: OpenDirectory
    ) throws(SystemCallError) {
        switch self {
        case .attributes:
            try Self.set(Self.contentTypeAttribute, to: metadata.contentType, on: file)
            try Self.set(Self.sha256Attribute, to: metadata.sha256, on: file)
        case .hiddenFiles:
            let text = "\(try file.status().identity)\n\(metadata.contentType)\n\(metadata.sha256)\n"
            let part = PartName.random()
            let side = try directory.makeFile(named: part)
            do throws(SystemCallError) {
                try side.append(text)
                try side.synchronize()
                try directory.rename(part, to: Self.hiddenName(name))
            } catch {
                try directory.removeFile(named: part)
                throw error
            }
        }
    }

    /// What is kept for the open `file`; `nil` for files of others.
    func metadata(
        of file: OpenFile, named name: String, in directory: OpenDirectory
    ) throws(SystemCallError) -> ObjectMetadata? {
        switch self {
        case .attributes:
            guard let type = try Self.value(of: Self.contentTypeAttribute, on: file),
                let sha256 = try Self.value(of: Self.sha256Attribute, on: file), isSHA256(sha256)
            else { return nil }
            return ObjectMetadata(contentType: type, sha256: sha256)
        case .hiddenFiles:
            guard let side = try directory.file(named: Self.hiddenName(name)) else { return nil }
            let lines = try side.firstBlock().split(separator: "\n").map(String.init)
            guard lines.count == 3, lines[0] == (try file.status().identity), isSHA256(lines[2]) else { return nil }
            return ObjectMetadata(contentType: lines[1], sha256: lines[2])
        }
    }

    /// Forgets what is kept for the object of that name, which is being removed.
    func remove(_ name: String, in directory: OpenDirectory) throws(SystemCallError) {
        guard self == .hiddenFiles else { return }
        try directory.removeFile(named: Self.hiddenName(name))
    }

    static func hiddenName(_ name: String) -> String { ".\(name).info" }

    static func isHiddenName(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".info") }
}

// MARK: - Extended attributes

extension MetadataKeeper {
    private static func set(_ name: String, to value: String, on file: OpenFile) throws(SystemCallError) {
        let bytes = Array(value.utf8)
        try SystemCallError.check(
            unsafe fsetxattr(file.descriptor, name, bytes, bytes.count, 0), from: "fsetxattr")
    }

    private static func value(of name: String, on file: OpenFile) throws(SystemCallError) -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = unsafe fgetxattr(file.descriptor, name, &bytes, bytes.count)
        // Another program's value may be of any length.
        if count < 0, [ENODATA, ENOTSUP, ERANGE].contains(errno) { return nil }
        return String(validating: bytes.prefix(try SystemCallError.check(count, from: "fgetxattr")), as: UTF8.self)
    }
}
