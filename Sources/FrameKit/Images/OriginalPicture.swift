internal import CFFmpeg
package import Domain

/// A picture file as it was uploaded, decoded whole.
package struct OriginalPicture: Sendable {
    /// Turned upright, in its own pixels, with the matrix and range of JPEG; in 4:2:0 where the file has no finer
    /// colours, else in 4:4:4.
    package let picture: Picture
    /// Whether the file is a JPEG that every reader shows as ``picture``, so that it can be passed on as it is: one
    /// that needs no turning, in grey or in colours for screens.
    package let isPlainJPEG: Bool

    /// - Parameters:
    ///   - name: of the file, in messages.
    ///   - canvas: the size that the upright picture must have.
    /// - Throws: ``MediaError/Code/unreadable`` for anything but a whole picture of that size;
    ///   ``MediaError/Code/outOfMemory``.
    package init(_ bytes: [UInt8], name: String, canvas: Canvas) throws(MediaError) {
        // Decoders may round sides up.
        let limits = MediaLimits(
            pixelCount: (canvas.width + 64) * (canvas.height + 64), duration: MediaLimits.standard.duration,
            streamCount: MediaLimits.standard.streamCount)
        try self.init(bytes, name: name, limits: limits)
        guard self.picture.size == PictureSize(width: canvas.width, height: canvas.height) else {
            throw MediaError(
                .unreadable, "\(name) is no picture of \(canvas.width)×\(canvas.height) pixels", from: "ImageDecoder")
        }
    }

    /// - Parameter name: of the file, in messages.
    /// - Throws: ``MediaError/Code/unreadable`` for anything but a whole picture within the limits;
    ///   ``MediaError/Code/outOfMemory``.
    package init(_ bytes: [UInt8], name: String, limits: MediaLimits) throws(MediaError) {
        let image = try ImageDecoder.decode(bytes, name: name, limits: limits)
        guard image.isWhole else {
            throw MediaError(.unreadable, "\(name) is damaged: a part of the picture is missing", from: "ImageDecoder")
        }
        let format = image.frame.format
        let filters =
            image.turn.filters + [
                ScaleFilter(form: format.hasFineColours ? .fullChroma : .halfChroma, matrix: "bt601").description,
                "setparams=range=full:colorspace=smpte170m",
            ]
        let graph = try FilterGraph.make(filters.joined(separator: ","), for: format)
        self.picture = try Picture(showing: graph.run(image.frame))
        let components = ImageHeader(bytes)?.componentCount
        self.isPlainJPEG = image.turn == .none && (components == 1 || components == 3)
    }
}

extension PictureFormat {
    /// Whether colours are told for more than one pixel of four.
    fileprivate var hasFineColours: Bool {
        guard !self.isRGB else { return true }
        guard let description = unsafe av_pix_fmt_desc_get(AVPixelFormat(self.pixelFormat)) else { return false }
        return unsafe description.pointee.nb_components >= 3
            && (description.pointee.log2_chroma_w == 0 || description.pointee.log2_chroma_h == 0)
    }
}
