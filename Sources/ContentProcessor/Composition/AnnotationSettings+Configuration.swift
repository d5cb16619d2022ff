import Domain
import ContentPipeline
import ServiceConfiguration

extension AnnotationSettings {
    init(_ configuration: Configuration) {
        self.init(
            configured: configuration.autoAnnotation.values.sorted { $0.version < $1.version }.map(
                AnnotatorVersion.init),
            modelFolder: configuration.folders.models, libraryFolder: configuration.folders.openVINO,
            // One worker runs on each core.
            threadCount: 1, allowedServers: configuration.app.inferenceServers)
    }
}

extension AnnotatorVersion {
    fileprivate init(_ settings: AutoAnnotationSettings) {
        let isRemote = settings.engine == .remote
        self.init(
            number: settings.version,
            meaning: AnnotatorMeaning(
                engine: AnnotatorMeaning.Engine(settings.engine), modelName: isRemote ? settings.model : nil,
                sha256: settings.sha256,
                labels: LabelMapping(settings.labels.map { .init(model: $0.name, project: $0.value) }),
                confidence: settings.confidence, iou: settings.iou, tracks: settings.tracks,
                inputSize: settings.inputSize),
            modelFile: isRemote ? nil : settings.model, urls: settings.urls, note: settings.note)
    }
}

extension AnnotatorMeaning.Engine {
    /// Both modules name the engines, and neither knows the other.
    fileprivate init(_ engine: AutoAnnotationSettings.Engine) {
        switch engine {
        case .motion: self = .motion
        case .onnx: self = .onnx
        case .remote: self = .remote
        }
    }
}
