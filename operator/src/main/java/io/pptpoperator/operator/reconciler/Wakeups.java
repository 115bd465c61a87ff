package io.pptpoperator.operator.reconciler;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ObjectKey;

/** Has servers reconciled because something else changed. */
final class Wakeups {

    private final SimpleInboundEventSource<PptpServer> servers = new SimpleInboundEventSource<>("wakeups");

    SimpleInboundEventSource<PptpServer> servers() {
        return servers;
    }

    void wakeServer(ObjectKey server) {
        servers.propagateEvent(new ResourceID(server.name(), server.namespace()));
    }
}
