/// Ids of a run's documents.
///
/// A job's id ends in four zero bytes; work items, tasks and frames put their ordinal there. So ids are the same
/// however often a clip is made, they sort in clip and frame order, and since the job's id is unique in its collection
/// they are unique in theirs. Ordinals count from 1; clip frames are numbered through the whole run.
extension QueuedJob {
    /// - Parameters:
    ///   - seconds: now, in seconds since 1970.
    ///   - random: makes ids of the same second differ.
    package static func newId(seconds: UInt32, random: UInt32) -> ObjectID {
        ObjectID(seconds: seconds, unique: UInt64(random) << 32)
    }

    /// Plan first, then the parts in order, then the finish: the order in which the queue hands them out.
    package func itemId(of work: WorkItem.Work) -> ObjectID {
        switch work {
        case .plan: self.id(ordinal: 0)
        case .part(let index): self.id(ordinal: index + 1)
        case .finish: self.id(ordinal: Int(UInt32.max))
        }
    }

    /// The clip that a task of this run shows.
    package func clip(ofTask id: ObjectID) -> Int { Int(id.unique & UInt64(UInt32.max)) - 1 }

    fileprivate func id(ordinal: Int) -> ObjectID {
        ObjectID(seconds: self.id.seconds, unique: self.id.unique | UInt64(UInt32(ordinal)))
    }
}

extension ProcessingJob {
    package func taskId(ofClip index: Int) -> ObjectID { self.id(ordinal: index + 1) }

    package func frameId(ofClip index: Int, frameId: Int) -> ObjectID {
        self.id(ordinal: index * self.framesPerTask + frameId)
    }
}
