internal import Blocking
internal import CFFmpeg

/// What a video says of itself: for people who want to know what they have, never for deciding which frame is which.
///
/// Names are FFmpeg's, `nil` where the file does not say.
package struct MediaDescription: Hashable, Sendable {
    /// Such as "QuickTime / MOV".
    package let container: String
    /// Such as "h264".
    package let codec: String
    /// Such as "High".
    package let profile: String?
    /// Such as "yuv420p10le".
    package let pixelFormat: String?
    package let fieldOrder: FieldOrder
    package var isInterlaced: Bool { self.fieldOrder != .progressive }
    package let storage: Storage
    package let color: Color
    /// What the file holds beside the primary video stream, and no clip shows.
    package let otherStreams: [OtherStream]
    /// Packets of the primary stream whose parts are longer than they are.
    package let brokenPacketCount: Int
    /// Packets of the primary stream that are there.
    package let packetCount: Int
    /// Packets that the container's header promises.
    package let declaredPacketCount: Int?
    /// Positions in the timeline from which pictures come out right when decoding starts there; they ascend.
    package let decodingStarts: [Int]

    /// How pictures lie in the stream.
    package struct Storage: Hashable, Sendable {
        package let width: Int
        package let height: Int
        package let pixelAspect: PixelAspect?
        /// Degrees by which a player turns the picture clockwise: 0, 90, 180 or 270.
        package let rotation: Int
        /// Whether a player shows the turned picture as in a mirror, left for right.
        package let isMirrored: Bool
    }

    /// The shape of one pixel.
    package struct PixelAspect: Hashable, Sendable {
        package let width: Int
        package let height: Int
    }

    /// How pixels become colors.
    package struct Color: Hashable, Sendable {
        package let range: String?
        package let matrix: String?
        package let primaries: String?
        package let transfer: String?
        /// Whether clips show the pictures in BT.709 instead of their high dynamic range.
        package let isToneMapped: Bool
    }

    /// Describes a video that was indexed; opens it once more and decodes nothing but what opening takes.
    ///
    /// Blocks a thread of its own, not the caller's; cancellation ends it.
    ///
    /// - Throws: as ``MediaIndex/build(of:limits:)``.
    package static func read(
        _ source: SourceFile, index: MediaIndex, limits: MediaLimits = .standard
    ) async throws(MediaError) -> MediaDescription {
        try await Describer().describe(source, index, limits: limits)
    }
}

/// Opens the file on a thread of its own.
private actor Describer {
    private nonisolated let executor = BlockingExecutor(label: "framekit.description")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    func describe(
        _ source: SourceFile, _ index: MediaIndex, limits: MediaLimits
    ) throws(MediaError) -> MediaDescription {
        let demuxer = try Demuxer(opening: source, limits: limits)
        let container = try MediaDescription.containerName(of: source)
        let aspect = demuxer.pixelAspect
        let others = demuxer.otherStreams
        return try unsafe demuxer.withStream { stream throws(MediaError) in
            let parameters = try unsafe MediaError.allocated(stream.pointee.codecpar, by: "codecpar")
            return unsafe MediaDescription(
                container: container, aspect: aspect, otherStreams: others, index: index, stream: stream.pointee,
                parameters: parameters.pointee)
        }
    }
}

extension MediaDescription {
    fileprivate init(
        container: String, aspect: AspectRatio?, otherStreams: [OtherStream], index: MediaIndex, stream: AVStream,
        parameters: AVCodecParameters
    ) {
        self.container = container
        self.codec = unsafe String(cString: avcodec_get_name(parameters.codec_id))
        self.profile = unsafe Self.text(avcodec_profile_name(parameters.codec_id, parameters.profile))
        self.pixelFormat = unsafe Self.text(av_get_pix_fmt_name(AVPixelFormat(parameters.format)))
        self.fieldOrder = unsafe FieldOrder(parameters.field_order)
        let turn = index.geometry.turn
        self.storage = Storage(
            width: index.geometry.codedWidth, height: index.geometry.codedHeight,
            pixelAspect: aspect.map { PixelAspect(width: Int($0.width), height: Int($0.height)) },
            rotation: turn.clockwiseDegrees, isMirrored: turn.isMirrored)
        self.color = unsafe Color(parameters)
        self.otherStreams = otherStreams
        self.brokenPacketCount = index.brokenPacketCount
        self.packetCount = index.packets.count
        self.declaredPacketCount = unsafe stream.nb_frames > 0 ? Int(stream.nb_frames) : nil
        self.decodingStarts = index.packets.randomAccessPoints.map { Int($0.position) }
    }

    /// The container that the first bytes belong to, as opening the file finds it.
    fileprivate static func containerName(of source: SourceFile) throws(MediaError) -> String {
        let input = try SourceInput(reading: source)
        let context = try unsafe MediaError.allocated(avformat_alloc_context(), by: "avformat_alloc_context")
        defer { unsafe avformat_free_context(context) }
        // The context reads through the input without owning it.
        return try withExtendedLifetime(input) { () throws(MediaError) in
            unsafe input.attach(to: context)
            var format: UnsafePointer<AVInputFormat>?
            try unsafe MediaError.check(
                av_probe_input_buffer2(context.pointee.pb, &format, "", nil, 0, 0), from: "av_probe_input_buffer2",
                while: "\(source.name) is not a video that can be read", otherwise: .unreadable)
            return unsafe self.text(format?.pointee.long_name) ?? "unknown"
        }
    }

    /// FFmpeg's name of something; `nil` for none and for its words for "not told".
    fileprivate static func text(_ name: UnsafePointer<CChar>?) -> String? {
        guard let name = unsafe name.map({ unsafe String(cString: $0) }) else { return nil }
        return ["unknown", "unspecified", "reserved"].contains(name) ? nil : name
    }
}

extension MediaDescription.Color {
    fileprivate init(_ parameters: AVCodecParameters) {
        self.range =
            switch unsafe parameters.color_range {
            case AVCOL_RANGE_MPEG: "limited"
            case AVCOL_RANGE_JPEG: "full"
            default: nil
            }
        self.matrix = unsafe MediaDescription.text(av_color_space_name(parameters.color_space))
        self.primaries = unsafe MediaDescription.text(av_color_primaries_name(parameters.color_primaries))
        self.transfer = unsafe MediaDescription.text(av_color_transfer_name(parameters.color_trc))
        self.isToneMapped = unsafe HighDynamicRange(parameters.color_trc) != nil
    }
}

extension PictureRotation {
    /// How far the picture is turned before it may be mirrored.
    fileprivate var clockwiseDegrees: Int {
        switch self {
        case .none, .mirrored: 0
        case .clockwise, .clockwiseMirrored: 90
        case .upsideDown, .upsideDownMirrored: 180
        case .counterclockwise, .counterclockwiseMirrored: 270
        }
    }

    fileprivate var isMirrored: Bool {
        switch self {
        case .none, .clockwise, .upsideDown, .counterclockwise: false
        case .mirrored, .clockwiseMirrored, .upsideDownMirrored, .counterclockwiseMirrored: true
        }
    }
}
