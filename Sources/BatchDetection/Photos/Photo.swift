/// One picture file of a batch.
package struct Photo: Codable, Hashable, Sendable {
    /// From 0, in the order of the report.
    package let number: Int
    /// The name of the folder or archive that it lies in.
    package let root: String
    /// Path below the root, with slashes; no other photo of the root has it.
    package let path: String
    /// Why nobody looks at the file, as in "is encrypted"; `nil` when nothing speaks against it.
    package let problem: String?

    /// The folder below the root, with slashes; empty for the root itself.
    package var folder: String {
        self.path.lastIndex(of: "/").map { String(self.path[..<$0]) } ?? ""
    }

    /// The file's name without its folders.
    package var fileName: String {
        self.path.lastIndex(of: "/").map { String(self.path[self.path.index(after: $0)...]) } ?? self.path
    }
}

/// A file that looks like a photo of a batch and must not be read, such as a link.
package struct RefusedFile: Codable, Hashable, Sendable {
    package let root: String
    package let path: String
    /// As in "is a link".
    package let problem: String
}

/// Names that occur once: a repeated one gets a number before its extension.
struct UniqueNames {
    private var taken: Set<String> = []

    /// `name`, or where it is taken `name (2)`, `name (3)` and so on.
    mutating func take(_ name: String) -> String {
        var unique = name
        var number = 2
        while !self.taken.insert(unique).inserted {
            unique = Self.numbered(name, number)
            number += 1
        }
        return unique
    }

    private static func numbered(_ name: String, _ number: Int) -> String {
        let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        guard let dot = name[start...].lastIndex(of: "."), dot > start else { return "\(name) (\(number))" }
        return "\(name[..<dot]) (\(number))\(name[dot...])"
    }
}
