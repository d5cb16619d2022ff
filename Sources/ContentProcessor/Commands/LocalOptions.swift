import Domain
import ArgumentParser
import Bootstrap

/// What the commands share that work on a file of this machine and need no server.
struct LocalOptions: ParsableArguments {
    @Argument(help: "The video.")
    var file: String

    @Option(help: "Frames of a clip, at most (default: [Content] frames_per_task).")
    var framesPerTask: Int?

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        guard self.framesPerTask ?? 1 > 0 else { throw ValidationError("--frames-per-task must be at least 1.") }
    }

    static func check(rate: Int) throws {
        let rates = ProcessParameters.frameRates
        guard rates.contains(rate) else {
            throw ValidationError("--rate must be from \(rates.lowerBound) to \(rates.upperBound).")
        }
    }
}
