internal import Domain
internal import FrameKit

/// Turns decoded pictures into the JPEG files of a version.
actor FrameRenderer {
    private var encoder: JPEGEncoder
    private var thumbnails = ThumbnailRenderer()
    private let augmenter = PictureAugmenter()

    /// - Parameter quality: of the pictures, 1 … 100.
    init(quality: Int) throws(MediaError) {
        self.encoder = try JPEGEncoder(quality: quality)
    }

    /// What the frame needs and the store lacks; one picture gives all of it.
    ///
    /// - Parameter picture: the clip's.
    func make(_ frame: WantedFrame, of picture: Picture, stored: Set<String>) throws(MediaError) -> [MadeObject] {
        let picture =
            try frame.plan.place.map { (place) throws(MediaError) in
                try self.augmenter.image(at: place, in: picture)
            } ?? picture
        return try self.make(frame, of: picture, file: nil, stored: stored)
    }

    /// The same for a frame whose image is there as it was uploaded; a JPEG that needs no turning is passed on as it
    /// is.
    ///
    /// - Parameter bytes: the image's file.
    func make(_ frame: WantedFrame, ofOriginal bytes: [UInt8], stored: Set<String>) throws(MediaError) -> [MadeObject] {
        let name = "image \(frame.number) of \(frame.plan.image.taskName)"
        let original = try OriginalPicture(bytes, name: name, canvas: frame.plan.image.canvas)
        let file =
            original.isPlainJPEG ? bytes : try self.encoder.encode(original.picture, keepsFullChroma: true)
        return try self.make(frame, of: original.picture, file: file, stored: stored)
    }

    /// - Parameter file: the picture as JPEG, where there is one.
    private func make(
        _ frame: WantedFrame, of picture: Picture, file: [UInt8]?, stored: Set<String>
    ) throws(MediaError) -> [MadeObject] {
        var made: [MadeObject] = []
        if !stored.contains(frame.imageKey) {
            let own = file.map { MadeObject($0, key: frame.imageKey, type: .jpeg) }
            if let own { made.append(own) } else { made.append(try self.file(picture, frame.imageKey)) }
        }
        if !stored.contains(frame.thumbnailKey) { made.append(try self.thumbnail(picture, frame.thumbnailKey)) }
        for planned in frame.plan.changed {
            guard let change = planned.change, let type = planned.image.augmentation else { continue }
            let changed = try self.augmenter.apply(change, to: picture)
            let keys = frame.augmentedKeys(type)
            made.append(try self.file(changed, keys.image))
            made.append(try self.thumbnail(changed, keys.thumbnail))
        }
        return made
    }

    private func thumbnail(_ picture: Picture, _ key: String) throws(MediaError) -> MadeObject {
        try self.file(self.thumbnails.thumbnail(of: picture), key)
    }

    private func file(_ picture: Picture, _ key: String) throws(MediaError) -> MadeObject {
        MadeObject(try self.encoder.encode(picture), key: key, type: .jpeg)
    }
}
