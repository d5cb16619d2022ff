import HTTPTypes
import Hummingbird
import NIOCore
import ServiceMetrics

/// `GET /metrics`: what this process and all machines together have done and have to do, for Prometheus.
struct MetricsRoute: Sendable {
    let cluster: ClusterMetrics
    /// Of this process.
    let metrics: PrometheusMetrics

    func add(to group: RouterGroup<APIRequestContext>) {
        group.get("metrics") { _, _ in
            let families = await self.cluster.families() + self.metrics.families + ProcessMetrics.families
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusText.text(of: families))))
        }
    }
}
