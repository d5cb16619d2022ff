internal import Annotation
internal import Synchronization

/// What the makers of one run have done and what each does next.
///
/// Thread rule: makers call it from their own threads.
final class ClipTally: Sendable {
    private struct State {
        var allotment: ClipAllotment
        /// For each clip what was learnt by making it; `nil` until it is done.
        var facts: [ClipFacts?]
        /// For each maker the frames of its unfinished clip.
        var framesUnderWay: [Int]
        var framesDone = 0
        var clipsDone = 0
    }

    private let frameCount: Int
    private let state: Mutex<State>

    init(of plan: SamplingPlan, makerCount: Int) {
        self.frameCount = plan.kept.count
        self.state = Mutex(
            State(
                allotment: ClipAllotment(clipCount: plan.clipCount, makerCount: makerCount),
                facts: Array(repeating: nil, count: plan.clipCount),
                framesUnderWay: Array(repeating: 0, count: makerCount)))
    }

    func nextClip(for maker: Int) -> Int? { self.state.withLock { $0.allotment.next(for: maker) } }

    /// Records how much of its present clip a maker has written.
    func record(frames: Int, by maker: Int) -> JobProgress {
        self.state.withLock { state in
            state.framesUnderWay[maker] = frames
            return self.progress(state)
        }
    }

    /// Records that a maker's present clip is done.
    func finish(_ clip: ClipPlan, _ facts: ClipFacts, by maker: Int) -> JobProgress {
        self.state.withLock { state in
            state.facts[clip.index] = facts
            state.framesUnderWay[maker] = 0
            state.framesDone += clip.frameCount
            state.clipsDone += 1
            return self.progress(state)
        }
    }

    /// What was learnt of each clip, by its index; `nil` for those that are not done.
    var facts: [ClipFacts?] { self.state.withLock { $0.facts } }

    /// Indices of the clips that are done.
    var finishedClips: [Int] { self.facts.enumerated().compactMap { $1 == nil ? nil : $0 } }

    private func progress(_ state: State) -> JobProgress {
        JobProgress(
            piecesDone: state.clipsDone, pieceCount: state.facts.count,
            framesDone: state.framesDone + state.framesUnderWay.reduce(0, +), frameCount: self.frameCount)
    }
}
