internal import CFFmpeg

/// The order of showing as H.264 and HEVC code it in their slice headers, for streams whose times do not tell it.
struct PictureOrderScan {
    /// Sorts pictures: first the coded video sequence, then the picture order count in it.
    struct Order: Comparable {
        let sequence: Int32
        let count: Int32

        static func < (left: Order, right: Order) -> Bool {
            (left.sequence, left.count) < (right.sequence, right.count)
        }
    }

    struct Picture {
        let order: Order
        /// Whether the packet completes the picture of the packet before.
        let isSecondField: Bool
    }

    /// One for each packet, in the order of decoding; none for codecs without such headers.
    private(set) var pictures: [Picture] = []

    init(of source: SourceFile, limits: MediaLimits) throws(MediaError) {
        let demuxer = try Demuxer(opening: source, limits: limits)
        guard let parser = try PictureParser.open(for: demuxer) else { return }
        let inspector = demuxer.makePacketInspector()
        let packet = try Packet()
        var sequence: Int32 = 0
        var firstField: PictureParser.Field?
        while try demuxer.read(into: packet) {
            let isKeyframe = packet.isKeyframe
            let traits = packet.withBytes { inspector.traits(of: $0, isKeyframe: isKeyframe) }
            let header = parser.parse(packet)
            // A second field has the other parity; both fields of an IDR picture belong to the sequence it starts.
            let isSecondField = header.field != nil && firstField != nil && header.field != firstField
            firstField = isSecondField ? nil : header.field
            if traits.restartsOrder, !isSecondField { sequence += 1 }
            self.pictures.append(
                Picture(
                    order: Order(sequence: sequence, count: header.orderCount), isSecondField: isSecondField))
        }
    }
}
