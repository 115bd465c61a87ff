package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.DynamicRequest;
import io.pptpoperator.protocol.radius.DynamicRequest.ErrorCause;
import io.pptpoperator.protocol.radius.DynamicRequests;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers Disconnect-Requests and CoA-Requests (RFC 5176): who may ask, whether it is they, whether it was answered before.
 * Whoever may not is answered with silence. Bytes in, bytes out; knows no socket.
 */
final class DynamicAuthorization {
    /** Seconds that the clocks of both ends may differ by (RFC 5176 section 6.3). */
    private static final long SKEW = 300;
    private static final int REMEMBERED = 1_024;

    /** What can be asked for. */
    @FunctionalInterface
    interface Sessions {
        /** Does it, or says why not; nothing is done in part. */
        Optional<ErrorCause> apply(DynamicRequest request);
    }

    /** Who asks, and what for: the same again is the same request (RFC 5176 section 2.3). */
    private record Asked(Ipv4Address source, int port, int identifier, String authenticator) {}

    private final List<Ipv4Prefix> clients;
    private final PacketAuthentication authentication;
    private final Supplier<NasIdentity> nas;
    private final Sessions sessions;
    private final LongSupplier seconds;
    private final Consumer<RadiusCode> answered;
    private final Map<Asked, byte[]> answers = new LinkedHashMap<>();

    /**
     * Remembers nothing yet.
     *
     * @param clients who may ask
     * @param nas this access server's name and address now, which a request may name
     * @param seconds since 1970
     * @param answered is told the code of each answer that is not a repetition
     */
    DynamicAuthorization(List<Ipv4Prefix> clients, PacketAuthentication authentication, Supplier<NasIdentity> nas,
            Sessions sessions, LongSupplier seconds, Consumer<RadiusCode> answered) {
        this.clients = List.copyOf(clients);
        this.authentication = authentication;
        this.nas = nas;
        this.sessions = sessions;
        this.seconds = seconds;
        this.answered = answered;
    }

    /**
     * Answers a datagram.
     *
     * @throws RadiusException when it gets no answer, saying why
     */
    byte[] answer(byte[] datagram, Ipv4Address source, int port) throws RadiusException {
        if (clients.stream().noneMatch(it -> it.contains(source))) {
            throw new RadiusException(RadiusException.Kind.MALFORMED, source + " may not ask");
        }
        RadiusPacket request = authentication.readRequest(datagram);
        var asked = new Asked(source, port, request.identifier(), HexFormat.of().formatHex(request.authenticator()));
        byte[] before = answers.get(asked);
        if (before != null) {
            return before.clone();
        }
        checkTime(request);
        DynamicRequest what = DynamicRequests.read(request);
        RadiusPacket reply = DynamicRequests.reply(request, refusal(what));
        answered.accept(reply.code());
        byte[] answer = authentication.signReply(reply, request.authenticator());
        remember(asked, answer);
        return answer.clone();
    }

    private void checkTime(RadiusPacket request) throws RadiusException {
        var stamp = request.number(AttributeType.EVENT_TIMESTAMP);
        if (stamp.isPresent() && Math.abs(stamp.getAsLong() - seconds.getAsLong()) > SKEW) {
            throw new RadiusException(RadiusException.Kind.MALFORMED, "Event-Timestamp is more than " + SKEW
                    + " s from this clock: a copy of an old request, or a clock that is wrong");
        }
    }

    private Optional<ErrorCause> refusal(DynamicRequest request) {
        return switch (request) {
            case DynamicRequest.Impossible impossible -> Optional.of(impossible.cause());
            case DynamicRequest.Disconnect disconnect -> refusal(disconnect.target(), request);
            case DynamicRequest.Change change -> refusal(change.target(), request);
        };
    }

    private Optional<ErrorCause> refusal(DynamicRequest.Target target, DynamicRequest request) {
        NasIdentity here = nas.get();
        boolean another = target.nasIdentifier().filter(it -> !it.equals(here.identifier())).isPresent()
                || target.nasAddress().filter(it -> !it.equals(here.address())).isPresent();
        return another ? Optional.of(ErrorCause.NAS_IDENTIFICATION_MISMATCH) : sessions.apply(request);
    }

    private void remember(Asked asked, byte[] answer) {
        if (answers.size() >= REMEMBERED) {
            var oldest = answers.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        answers.put(asked, answer);
    }
}
