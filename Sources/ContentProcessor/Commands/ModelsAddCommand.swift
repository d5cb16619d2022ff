import Domain
import ArgumentParser
import Bootstrap
import ContentPipeline
import FoundationEssentials

struct ModelsAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Register a version under a number of its own.",
        discussion: """
            The model file goes into the object store with its SHA-256, so every machine has it. Once boxes refer to a \
            version, its number keeps its meaning.
            """)

    @Argument(help: "The number, from 1.")
    var version: Int

    @Option(help: "motion, onnx or remote.")
    var engine: String

    @Option(help: "onnx: the model file; remote: the model's name on the servers.")
    var model: String?

    @Option(help: "remote: URLs of the servers, with commas.")
    var url: String?

    @Option(help: "onnx: the SHA-256 that the file must have.")
    var sha256: String?

    @Option(help: "label or model label=project label, with commas; all of the model's when absent.")
    var labels: String?

    @Option(help: "Least confidence of a box, 0 to 1.")
    var confidence: String?

    @Option(help: "Overlap above which the weaker box of a label goes, 0 to 1.")
    var iou: String?

    @Flag(help: "Give boxes of one object the same trackId through a clip.")
    var track = false

    @Option(help: "Side of the model's input in pixels, for models that take any.")
    var inputSize: String?

    @Option(help: "What to remember of it.")
    var note: String?

    @OptionGroup var configurationOption: ConfigurationOption

    private var fields: [String: String] {
        [
            "version": "\(self.version)", "engine": self.engine, "model": self.model, "url": self.url,
            "sha256": self.sha256, "labels": self.labels, "confidence": self.confidence, "iou": self.iou,
            "track": "\(self.track)", "input_size": self.inputSize, "note": self.note,
        ].compactMapValues(\.self)
    }

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configurationOption.load(), role: "models")
        let registered = try await ErrorLine.ending {
            let asked: AnnotatorVersion
            do throws(FieldErrors) {
                asked = try AnnotatorVersion(fields: self.fields, createdAt: Date())
            } catch {
                throw AnnotationFailure.refused(error.errors.map(\.message).joined(separator: " "))
            }
            // A file of this machine is as good as one that comes with a request.
            let isFile = self.model.map(FileManager.default.fileExists(atPath:)) ?? false
            return try await dependencies.annotators.register(
                asked, model: asked.meaning.engine == .onnx && isFile ? self.model : nil)
        }
        print("Registered version \(registered.number).")
    }
}
