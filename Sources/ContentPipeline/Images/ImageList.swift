internal import Domain

/// What a folder or an archive holds: its images, and the files that are left out, with the reason.
package struct ImageList: Sendable {
    private(set) var images: [JobImage] = []
    private(set) var skipped = SkippedFiles()

    /// Images of an upload, at most: their list is part of the job's document.
    static let limit = 50_000
    /// Bytes of an image file, at most.
    package static let largestFile = 256 << 20

    private static let extensions: Set<String> = ["jpg", "jpeg", "jpe", "jfif", "png", "webp"]

    var isFull: Bool { self.images.count > Self.limit }

    /// Takes a file in as an image or as one that is left out.
    ///
    /// - Parameter problem: why it cannot be read, as in "is a link".
    mutating func add(_ file: JobImage, problem: String? = nil) {
        if let problem = Self.kindProblem(file.name) ?? problem ?? Self.sizeProblem(file.byteCount) {
            self.skipped.add(file.name, problem)
        } else {
            self.images.append(file)
        }
    }

    /// Counts something else that is left out.
    mutating func skip(_ name: String, _ problem: String) { self.skipped.add(name, problem) }

    /// Leaves out images that a later one of the same name replaces; `key` is what makes two names the same.
    mutating func keepLatest(by key: (JobImage) -> [UInt8]) {
        var seen = Set<[UInt8]>()
        var kept: [JobImage] = []
        for image in self.images.reversed() {
            if seen.insert(key(image)).inserted {
                kept.append(image)
            } else {
                self.skipped.add(image.name, "is replaced by a later one of the same name in the archive")
            }
        }
        self.images = kept.reversed()
    }

    mutating func sort() { self.images.sort { NaturalOrder.precedes($0.name, $1.name) } }

    /// Why a name is not that of an image that can be shown; `nil` when it is.
    package static func kindProblem(_ name: String) -> String? {
        let parts = name.split(separator: "/")
        guard let file = parts.last else { return "has no name" }
        if parts.contains("__MACOSX") { return "belongs to macOS" }
        if file.hasPrefix(".") { return "is hidden" }
        guard let dot = file.lastIndex(of: "."), Self.extensions.contains(file[file.index(after: dot)...].lowercased())
        else { return "is no JPEG, PNG or WebP" }
        return nil
    }

    package static func sizeProblem(_ byteCount: Int64) -> String? {
        byteCount > Int64(Self.largestFile) ? "has more than \(Self.largestFile >> 20) MiB" : nil
    }
}
