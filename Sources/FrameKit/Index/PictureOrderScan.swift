internal import CFFmpeg

/// The order of showing as H.264 and HEVC code it in their slice headers, for streams without presentation times.
struct PictureOrderScan {
    /// Sorts pictures: first the coded video sequence, then the picture order count in it.
    struct Key: Comparable {
        let sequence: Int
        let count: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.sequence, left.count) < (right.sequence, right.count)
        }
    }

    /// One for each packet, in the order of decoding.
    private(set) var keys: [Key] = []

    init(of source: SourceFile, limits: MediaLimits) throws(MediaError) {
        let demuxer = try Demuxer(opening: source, limits: limits)
        guard let parser = try PictureParser.open(for: demuxer) else { return }
        let inspector = demuxer.makePacketInspector()
        let packet = try Packet()
        var sequence = 0
        while try demuxer.read(into: packet) {
            let isKeyframe = packet.isKeyframe
            let traits = packet.withBytes { inspector.traits(of: $0, isKeyframe: isKeyframe) }
            if traits.restartsOrder { sequence += 1 }
            self.keys.append(Key(sequence: sequence, count: parser.orderCount(of: packet)))
        }
    }
}
