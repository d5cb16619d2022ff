/// Where an object's file is below a directory store.
struct Place: Hashable, Sendable {
    let key: String
    /// The directories on the way, from the root.
    let directories: [String]
    /// The file's name in the last of them.
    let name: String

    /// Bytes; a file system's 255 less what hidden files add to a name.
    static let greatestNameLength = 240

    /// - Throws: ``BlobError`` with `.refused` for keys that are no good as paths.
    init(_ key: String) throws(BlobError) {
        let components = try ObjectKey(key).components
        guard components.allSatisfy({ $0.utf8.count <= Self.greatestNameLength }) else {
            throw BlobError(
                code: .refused, subject: key,
                message: "the key has a component of more than \(Self.greatestNameLength) bytes")
        }
        guard !components.contains(where: Self.isReserved) else {
            throw BlobError(
                code: .refused, subject: key, message: "the key has a component that the store uses itself")
        }
        self.key = key
        self.directories = components.dropLast()
        self.name = components[components.count - 1]
    }

    /// Whether the store itself gives such names to files that are no objects.
    static func isReserved(_ name: String) -> Bool {
        PartName.matches(name) || MetadataKeeper.isHiddenName(name)
    }

    /// The directories in which all keys with `prefix` are; `nil` when no key can begin so.
    static func directories(ofPrefix prefix: String) -> [String]? {
        let components = prefix.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropLast()
        let names = components.map { String(Substring($0)) }
        return names.contains { ["", ".", ".."].contains($0) } ? nil : names
    }
}
