internal import CFFmpeg

/// A chain of picture filters, described in FFmpeg's own words.
@safe
struct FilterGraph: ~Copyable {
    private let graph: UnsafeMutablePointer<AVFilterGraph>
    private var input: UnsafeMutablePointer<AVFilterContext>?
    private var output: UnsafeMutablePointer<AVFilterContext>?

    private init() throws(MediaError) {
        unsafe self.graph = try MediaError.allocated(avfilter_graph_alloc(), by: "avfilter_graph_alloc")
    }

    deinit {
        var graph: UnsafeMutablePointer<AVFilterGraph>? = unsafe self.graph
        unsafe avfilter_graph_free(&graph)
    }

    /// Makes a graph for pictures of one format.
    ///
    /// - Parameter filters: as in `scale=640:360,hflip`; one input and one output.
    static func make(_ filters: String, for format: PictureFormat) throws(MediaError) -> FilterGraph {
        var graph = try FilterGraph()
        // One thread: clips are made side by side.
        unsafe graph.graph.pointee.nb_threads = 1
        // For conversions that libavfilter puts in by itself; the graph frees the text.
        unsafe graph.graph.pointee.scale_sws_opts = av_strdup("flags=bicubic+accurate_rnd+full_chroma_int+bitexact")
        let aspect = format.aspect.map { "\($0.width)/\($0.height)" } ?? "0/1"
        let source =
            "buffer@in=video_size=\(format.width)x\(format.height):pix_fmt=\(format.pixelFormat)"
            + ":time_base=1/1:pixel_aspect=\(aspect)"
        var inputs: UnsafeMutablePointer<AVFilterInOut>?
        var outputs: UnsafeMutablePointer<AVFilterInOut>?
        defer {
            unsafe avfilter_inout_free(&inputs)
            unsafe avfilter_inout_free(&outputs)
        }
        try unsafe self.check(
            avfilter_graph_parse2(graph.graph, "\(source),\(filters),buffersink@out", &inputs, &outputs),
            from: "avfilter_graph_parse2")
        try unsafe self.check(avfilter_graph_config(graph.graph, nil), from: "avfilter_graph_config")
        unsafe graph.input = avfilter_graph_get_filter(graph.graph, "buffer@in")
        unsafe graph.output = avfilter_graph_get_filter(graph.graph, "buffersink@out")
        return graph
    }

    /// The filtered picture.
    borrowing func run(_ picture: borrowing Frame) throws(MediaError) -> Frame {
        let filtered = try Frame()
        try unsafe Self.check(
            picture.withPointer { unsafe av_buffersrc_write_frame(self.input, $0) }, from: "av_buffersrc_write_frame")
        try unsafe Self.check(
            filtered.withPointer { unsafe av_buffersink_get_frame(self.output, $0) }, from: "av_buffersink_get_frame")
        return filtered
    }

    /// The filtered picture, by filters that wait for a second picture before they give the first one.
    consuming func runLast(_ picture: borrowing Frame) throws(MediaError) -> Frame {
        let filtered = try Frame()
        try unsafe Self.check(
            picture.withPointer { unsafe av_buffersrc_write_frame(self.input, $0) }, from: "av_buffersrc_write_frame")
        try unsafe Self.check(av_buffersrc_write_frame(self.input, nil), from: "av_buffersrc_write_frame")
        try unsafe Self.check(
            filtered.withPointer { unsafe av_buffersink_get_frame(self.output, $0) }, from: "av_buffersink_get_frame")
        return filtered
    }

    private static func check(_ status: Int32, from call: String) throws(MediaError) {
        try MediaError.check(status, from: call, while: "filtering a picture", otherwise: .encoderFailure)
    }
}
