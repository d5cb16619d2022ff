/// An image of a task and where it lies on the clip's picture, so that boxes map back to its own pixels: an element of
/// a task's `images`.
package struct TaskImage: Codable, Hashable, Sendable {
    /// Path below the folder or in the archive.
    package let name: String
    /// The image as it is displayed, in its own pixels; 0 for one that does not decode and is shown black.
    package let width: Int
    package let height: Int
    /// Its upper left corner on the clip's picture.
    package let x: Int
    package let y: Int
    /// Pixels of the clip for one of the image.
    package let scale: Double
    /// Why the image is black, or not whole; absent for an intact one. Those that have it count in `damagedFrames`.
    package let problem: String?
    /// Where the image lies as it was uploaded; absent where it is not intact, and in tasks of earlier versions.
    package let original: OriginalImage?

    package init(
        name: String, width: Int, height: Int, x: Int, y: Int, scale: Double, problem: String? = nil,
        original: OriginalImage? = nil
    ) {
        self.name = name
        self.width = width
        self.height = height
        self.x = x
        self.y = y
        self.scale = scale
        self.problem = problem
        self.original = original
    }
}

/// The object in which an intact image lies byte for byte as it was uploaded: JPEG, PNG or WebP, not yet turned as its
/// EXIF orientation says.
package struct OriginalImage: Codable, Hashable, Sendable {
    package let key: String
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    package init(key: String, sha256: String) {
        self.key = key
        self.sha256 = sha256
    }
}
