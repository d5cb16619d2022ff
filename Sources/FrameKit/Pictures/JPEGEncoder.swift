internal import CFFmpeg

/// Writes pictures as JPEG files. Keeps what it needs for the next picture of the same format.
///
/// Pictures stay in YUV all the way: their matrix and range are changed to those of JPEG, which are BT.601 and full
/// range (ITU-T T.871), and the planes go to libjpeg-turbo as they are, in 4:2:0. The same picture gives the same bytes
/// on every processor. Used by one thread at a time.
package struct JPEGEncoder: ~Copyable {
    private let quality: Int
    private var compressor: JPEGCompressor
    private var graph = FormatGraph()

    /// - Parameter quality: 1 smallest … 100 best; 92 is hard to tell from the original.
    /// - Throws: ``MediaError/Code/outOfMemory``.
    package init(quality: Int) throws(MediaError) {
        precondition(1...100 ~= quality, "JPEG knows qualities from 1 to 100")
        self.quality = quality
        self.compressor = try JPEGCompressor()
    }

    /// `picture` as a complete JPEG file.
    ///
    /// - Parameter keepsFullChroma: whether a picture in 4:4:4 that already has JPEG's matrix and range, as that of an
    ///   ``OriginalPicture`` may, keeps a colour for every pixel.
    /// - Throws: ``MediaError/Code/encoderFailure`` when a side is longer than JPEG allows (65,500 pixels),
    ///   ``MediaError/Code/outOfMemory``.
    package mutating func encode(_ picture: Picture, keepsFullChroma: Bool = false) throws(MediaError) -> [UInt8] {
        if keepsFullChroma, picture.frame.format.pixelFormat == AV_PIX_FMT_YUV444P.rawValue {
            return try self.compressor.compress(
                picture.frame, size: picture.size, quality: self.quality, hasFullChroma: true)
        }
        // As a picture they get even sides where they had none: the compressor reads whole pairs.
        let planes = try Picture(showing: self.graph.run(picture.padded) { $0.conversionToJPEG })
        return try self.compressor.compress(planes.padded, size: picture.size, quality: self.quality)
    }
}

extension PictureFormat {
    /// The filters that bring pictures of this format to JPEG's form of 4:2:0.
    fileprivate var conversionToJPEG: String {
        guard self.pixelFormat == AV_PIX_FMT_YUV420P.rawValue, let matrix = self.matrixName else {
            return ScaleFilter(form: .halfChroma, matrix: "bt601").description
        }
        // One matrix product for each pixel: many times faster than libswscale, which changes matrices by way of RGB.
        // Primaries and transfer stay what they are; the filter only wants to hear a name.
        return "colorspace=ispace=\(matrix):irange=\(self.isFullRange ? "pc" : "tv"):space=smpte170m:range=pc:fast=1"
            + ":iprimaries=bt709:itrc=bt709:primaries=bt709:trc=bt709:format=yuv420p"
    }

    /// What the colorspace filter calls the matrix, BT.601 without a tag; `nil` for rare ones.
    private var matrixName: String? {
        switch self.colorSpace {
        case AVCOL_SPC_BT709: "bt709"
        case AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_SMPTE170M, AVCOL_SPC_BT470BG: "smpte170m"
        default: nil
        }
    }
}
