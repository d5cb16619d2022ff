internal import Domain
internal import FrameKit

extension ProbeReport {
    /// Reads the packets of the video at `path`.
    ///
    /// - Parameters:
    ///   - path: relative to the working directory.
    ///   - frameRate: frames that would be kept per second; `nil` leaves the question open.
    /// - Throws: `MediaError`, or ``LocalFailure`` for a file that is too large, as ``LocalRun`` does.
    package static func read(
        _ path: String, frameRate: Int?, framesPerTask: Int, settings: PipelineSettings
    ) async throws -> ProbeReport {
        let file = try SourceFile.open(path, settings: settings)
        let limits = settings.content.limits
        let index = try await MediaIndex.build(of: file, limits: limits)
        let description = try await MediaDescription.read(file, index: index, limits: limits)
        let plan = frameRate.map {
            SamplingPlan(sampling: index.timeline, frameRate: $0, framesPerClip: framesPerTask)
        }
        return ProbeReport(of: file, index, description, plan, deinterlaces: settings.encoding.deinterlaces)
    }

    private init(
        of file: SourceFile, _ index: MediaIndex, _ media: MediaDescription, _ plan: SamplingPlan?, deinterlaces: Bool
    ) {
        self.file = file.name
        self.byteCount = file.identity.byteCount
        self.container = media.container
        self.video = Video(
            codec: media.codec, profile: media.profile, pixelFormat: media.pixelFormat,
            isInterlaced: media.isInterlaced, fieldOrder: media.isInterlaced ? media.fieldOrder.rawValue : nil,
            isDeinterlaced: media.isInterlaced && deinterlaces)
        self.picture = Picture(
            width: index.geometry.width, height: index.geometry.height, storedWidth: media.storage.width,
            storedHeight: media.storage.height,
            pixelAspect: media.storage.pixelAspect.map { "\($0.width):\($0.height)" },
            rotation: media.storage.rotation, isMirrored: media.storage.isMirrored)
        self.color = Color(
            range: media.color.range, matrix: media.color.matrix, primaries: media.color.primaries,
            transfer: media.color.transfer, isToneMapped: media.color.isToneMapped)
        self.timing = Timing(index.timeline)
        self.keyframes = Keyframes(at: media.decodingStarts, in: index.timeline)
        self.ignoredStreams = media.otherStreams.map {
            IgnoredStream(kind: $0.kind.rawValue, codec: $0.codec, width: $0.width, height: $0.height)
        }
        self.sampling = plan.map { Sampling($0, of: index.timeline, named: VideoName(path: file.name)) }
        self.problems = MediaProblems(timeline: index.timeline, media: media, frameRate: plan?.frameRate).sentences
    }
}

extension ProbeReport.Timing {
    init(_ timeline: FrameTimeline) {
        self.frameCount = timeline.frameCount
        self.meanFrameRate = timeline.meanFrameRate
        self.duration = timeline.meanFrameRate.map { Double(timeline.frameCount) / $0 }
        self.isConstantRate = timeline.hasConstantRate
        self.longestGap = timeline.longestGap.map { timeline.seconds(ofTicks: $0.ticks) }
    }
}

extension ProbeReport.Keyframes {
    init(at positions: [Int], in timeline: FrameTimeline) {
        self.count = positions.count
        let duration = ProbeReport.Timing(timeline).duration
        let times = positions.filter { $0 < timeline.frameCount }.map(timeline.seconds)
        self.meanSpacing = times.isEmpty ? nil : duration.map { ($0 - times[0]) / Double(times.count) }
        self.longestSpacing = duration.flatMap { end in
            zip(times, times.dropFirst() + [end]).map { $1 - $0 }.max()
        }
    }
}

extension ProbeReport.Sampling {
    fileprivate init(_ plan: SamplingPlan, of timeline: FrameTimeline, named name: VideoName) {
        self.frameRate = plan.frameRate
        self.framesPerTask = plan.framesPerClip
        self.keptFrameCount = plan.kept.count
        self.clips = plan.clips.map { clip in
            let numbers = clip.frameNumbers
            return ProbeReport.Clip(
                name: name.taskName(ofClip: clip.index), frameStart: numbers[0],
                frameEnd: numbers[numbers.count - 1],
                frameStartTime: timeline.seconds(at: numbers[0] - 1), frameCount: clip.frameCount,
                duration: ClipTask.durationText(seconds: clip.frameCount / clip.frameRate), originalFrames: numbers)
        }
    }
}
