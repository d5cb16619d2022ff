public import Domain
public import ArgumentParser
import Bootstrap

/// The program `dataset_processor`.
@main
struct DatasetProcessor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset_processor",
        abstract: "Turns the annotated tasks of a dataset version into images and labels.",
        version: ProductVersion.text)

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var options: DatasetOptions

    func validate() throws {
        guard self.options.pending != (self.options.version != nil) else {
            throw ValidationError("Give either -v DATASET-VERSION-ID or --pending.")
        }
    }

    func run() async throws {
        let program = try Program(configuration: try self.configuration.load(), options: self.options)
        do {
            try await Interruption.heeding { try await program.run() }
        } catch let interruption as Interruption {
            StandardError.write("dataset_processor: stopped; run it again to go on")
            throw interruption.status
        } catch let status as ExitCode {
            throw status
        } catch {
            StandardError.write("dataset_processor: \(Program.sentence(for: error))")
            throw ExitCode.failure
        }
    }
}

struct DatasetOptions: ParsableArguments, Sendable {
    @Option(name: [.customShort("v"), .customLong("version-id")], help: "The dataset version to build.")
    var version: ObjectID?

    @Flag(help: "Build every version whose taskStatus is pending.")
    var pending = false

    @Option(help: "Archives to make: \(DatasetFormat.allCases.map(\.rawValue).joined(separator: ",")).")
    var format: FormatList?

    @Option(help: "Write the formats (default: yolo) below this directory instead of into archives.")
    var output: String?

    @Option(help: "What stays together where the backend assigned no split: video or frame.")
    var splitBy = SplitUnit.video

    @Flag(help: "Tell what would be made, and write nothing.")
    var dryRun = false

    @Flag(help: "Compare the store with the version's manifest, and write nothing.")
    var verify = false

    @Flag(help: "Print the result as JSON on standard output.")
    var json = false

    /// What is asked of the build itself.
    var request: DatasetRequest {
        DatasetRequest(formats: self.output == nil ? self.format?.formats ?? [] : [], splitUnit: self.splitBy)
    }
}

/// `yolo,coco`: names with commas.
struct FormatList: ExpressibleByArgument, Sendable {
    let formats: [DatasetFormat]

    init?(argument: String) {
        var formats: [DatasetFormat] = []
        for name in argument.split(separator: ",") {
            guard let format = DatasetFormat(rawValue: name.lowercased()) else { return nil }
            if !formats.contains(format) { formats.append(format) }
        }
        self.formats = formats
    }
}

/// A conformance of a public type is public itself, and so are the imports that it needs.
extension ObjectID: ExpressibleByArgument {
    /// Reads 24 hexadecimal digits.
    public init?(argument: String) { self.init(argument) }
}

extension SplitUnit: ExpressibleByArgument {}
