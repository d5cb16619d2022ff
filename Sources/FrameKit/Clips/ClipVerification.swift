import Domain

/// Opens a finished clip again and compares it with what was planned.
struct ClipVerification {
    let clip: ClipPlan
    let geometry: PictureGeometry

    init(of clip: ClipPlan, geometry: PictureGeometry) {
        self.clip = clip
        self.geometry = geometry
    }

    /// - Throws: ``MediaError/Code/encoderFailure`` with the first difference.
    func check(_ path: String) throws(MediaError) {
        let file = try SourceFile(path: path)
        let demuxer = try Demuxer(opening: file, limits: .standard)
        let written = try demuxer.geometry(limits: .standard)
        try self.expect(
            written.width == self.geometry.paddedWidth && written.height == self.geometry.paddedHeight,
            "has pictures of \(written.width)×\(written.height)")
        let inspector = demuxer.makePacketInspector()
        let packet = try Packet()
        var times: [Int64] = []
        while try demuxer.read(into: packet) {
            guard let time = packet.presentationTime else { continue }
            if times.isEmpty {
                let isStart = packet.withBytes { inspector.traits(of: $0, isKeyframe: true).restartsOrder }
                try self.expect(isStart && packet.isKeyframe, "does not start with an IDR picture")
            }
            times.append(time)
        }
        try self.expect(
            times.count == self.clip.frameCount, "has \(times.count) frames instead of \(self.clip.frameCount)")
        let base = demuxer.timeBase
        for (number, time) in times.sorted().enumerated() {
            // time × base = number / rate, without division
            let isExact = time * base.numerator * Int64(self.clip.frameRate) == Int64(number) * base.denominator
            try self.expect(isExact, "shows frame \(number + 1) at \(time) × \(base.numerator)/\(base.denominator) s")
        }
    }

    private func expect(_ condition: Bool, _ difference: @autoclosure () -> String) throws(MediaError) {
        guard !condition else { return }
        throw MediaError(
            .encoderFailure, "clip \(self.clip.index) \(difference()) after it was written", from: "verification")
    }
}
