package import Domain
package import PhotoMetadata

/// What is known of one photo when it has been looked at.
package struct PhotoResult: Codable, Hashable, Sendable {
    package let photo: Photo
    /// Of the file's bytes, in hexadecimal; `nil` when they could not be read.
    package let sha256: String?
    /// Of the upright picture in pixels; `nil` for a photo that failed.
    package let width: Int?
    package let height: Int?
    package let metadata: PhotoMetadata
    /// The most confident first; empty for a photo that failed.
    package let detections: [Detection]
    /// Why there is no picture, as a sentence; `nil` when there is one.
    package let failure: String?

    package init(
        photo: Photo, sha256: String?, width: Int?, height: Int?, metadata: PhotoMetadata, detections: [Detection],
        failure: String? = nil
    ) {
        self.photo = photo
        self.sha256 = sha256
        self.width = width
        self.height = height
        self.metadata = metadata
        self.detections = detections
        self.failure = failure
    }
}
