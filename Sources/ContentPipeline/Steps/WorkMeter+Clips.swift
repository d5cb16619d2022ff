internal import Domain
internal import FrameKit

extension WorkMeter {
    /// Counts what making clips has taken.
    func add(_ cost: ClipCost) {
        self.add(Double(cost.decodedFrames), to: .framesDecoded)
        self.add(cost.decoding, to: .decodeSeconds)
        self.add(cost.encoding, to: .encodeSeconds)
    }
}
