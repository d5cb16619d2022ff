package import Domain

/// Something that finds objects in pictures: what one auto-annotation version works with.
///
/// Thread rule: may be used from any task; engines that block do so on threads of their own.
package protocol DetectionEngine: Sendable {
    /// The size of the pictures that ``ClipDetector/detect(in:)`` takes, in pixels.
    var inputWidth: Int { get }
    var inputHeight: Int { get }
    /// Pictures in a batch, at most; the same clip gives the same boxes only when all batches but the last are full.
    var batchCount: Int { get }

    /// Begins a clip: nothing of the clip before is known to the detector.
    func makeDetector() -> any ClipDetector
}

/// Finds objects in the pictures of one clip.
package protocol ClipDetector: Sendable {
    /// What is found in each picture of the next batch, in pixels of the picture, with the model's own labels; not yet
    /// cleared of weak and doubled boxes.
    ///
    /// - Throws: ``EngineError``.
    mutating func detect(in batch: PictureBatch) async throws(EngineError) -> [[Detection]]
}

/// Why an engine cannot be used or failed.
package struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the caller can do about it.
    package enum Code: String, CaseIterable, Sendable {
        /// A library is not there: the message says what to install.
        case notInstalled
        /// The model is none, or not of the form that the engine reads: another one must be registered.
        case badModel
        /// The server cannot be reached or is overloaded: worth trying later.
        case unavailable
        /// The server answers, but not what it should.
        case badAnswer
        /// The engine failed on its pictures.
        case failed
        /// The task was cancelled.
        case cancelled
    }

    package let code: Code
    /// One plain sentence.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { self.message }
}
