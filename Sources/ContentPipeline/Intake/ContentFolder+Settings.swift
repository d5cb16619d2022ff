extension ContentFolder {
    init(settings: PipelineSettings) {
        self.init(root: settings.folders.root, base: settings.folders.contentBase)
    }
}
