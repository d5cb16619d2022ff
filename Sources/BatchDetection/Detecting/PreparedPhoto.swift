internal import ContentPipeline
internal import Domain
internal import FrameKit
internal import ObjectStore
internal import PhotoMetadata

/// A photo whose file has been read and decoded. Decoding blocks.
struct PreparedPhoto: Sendable {
    let photo: Photo
    let sha256: String?
    let metadata: PhotoMetadata
    /// Upright; an error says why there is none.
    let picture: Result<Picture, BatchError>

    /// - Parameter bytes: the file, or why it could not be read.
    init(_ photo: Photo, _ bytes: Result<[UInt8], BatchError>, limits: MediaLimits) {
        self.photo = photo
        switch bytes {
        case .failure(let error):
            self.sha256 = nil
            self.metadata = PhotoMetadata()
            self.picture = .failure(error)
        case .success(let bytes):
            self.sha256 = ContentDigest.sha256(of: bytes)
            self.metadata = PhotoMetadata(ofImage: bytes)
            self.picture = Result { () throws(BatchError) in
                do throws(MediaError) {
                    return try OriginalPicture(bytes, name: photo.fileName, limits: limits).picture
                } catch {
                    throw BatchError("\(error.message).")
                }
            }
        }
    }

    /// A photo that nobody decodes any more, because the program ended over it again and again.
    init(skipping photo: Photo) {
        self.photo = photo
        self.sha256 = nil
        self.metadata = PhotoMetadata()
        self.picture = .failure(BatchError("The program ended unexpectedly each time that it decoded the file."))
    }

    /// The result with what was found in the picture.
    func result(_ detections: [Detection] = []) -> PhotoResult {
        switch self.picture {
        case .success(let picture):
            PhotoResult(
                photo: self.photo, sha256: self.sha256, width: picture.width, height: picture.height,
                metadata: self.metadata, detections: detections)
        case .failure(let error):
            PhotoResult(
                photo: self.photo, sha256: self.sha256, width: nil, height: nil, metadata: self.metadata,
                detections: [], failure: error.description)
        }
    }
}
