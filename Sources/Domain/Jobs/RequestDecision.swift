/// What to do with a request, seen from the upload's latest job (contract, section 1, "Repeats never harm").
package enum RequestDecision: Hashable, Sendable {
    /// Nothing was made before: start the first run.
    case start
    /// The same work is queued or running already.
    case join
    /// The same work is done: answer with its tasks.
    case answerWithTasks
    /// The same work ended badly: continue where it stopped.
    case resume
    /// Make everything anew, and remove what the latest run made.
    case replace
    case refuse(reason: String)

    /// - Parameters:
    ///   - parameters: what is asked for.
    ///   - latest: the upload's job with the highest run number.
    ///   - producer: the latest one that made tasks, which may be the same.
    package init(for parameters: ProcessParameters, latest: ProcessingJob?, producer: ProcessingJob?) {
        if parameters.requestType == .annotations {
            self.init(forAnnotations: parameters, latest: latest)
        } else if let latest, latest.state.isLive {
            self.init(for: parameters, former: latest)
        } else {
            self.init(for: parameters, former: producer)
        }
    }

    /// Annotations are added to what is there, so only the same work stands in the way, or work that continues.
    private init(forAnnotations parameters: ProcessParameters, latest: ProcessingJob?) {
        let isSame = latest?.parameters.asksForTheSame(as: parameters) ?? false
        guard let latest, isSame || latest.state.isLive, latest.state != .succeeded || !parameters.forceWrite else {
            self = .start
            return
        }
        self.init(for: parameters, former: latest)
        if self == .replace { self = .start }
    }

    private init(for parameters: ProcessParameters, former latest: ProcessingJob?) {
        guard let latest else {
            self = .start
            return
        }
        let isSame = latest.parameters.asksForTheSame(as: parameters)
        let isSameForce = latest.parameters.forceWrite == parameters.forceWrite
        switch latest.state {
        case .queued, .running:
            self =
                isSame && isSameForce
                ? .join
                : .refuse(reason: "The upload is being processed with other parameters; wait or cancel that job.")
        case .succeeded where parameters.forceWrite:
            self = .replace
        case .succeeded:
            let reason = "The upload was processed with other parameters; force_write=1 replaces its tasks."
            self = isSame ? .answerWithTasks : .refuse(reason: reason)
        case .failed, .cancelled, .quarantined:
            self = isSame && isSameForce ? .resume : .replace
        }
    }
}
