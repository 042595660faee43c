package io.liftbridge.client.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.ProxyDetector;
import io.grpc.StatusOr;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of one broker, for each connection anew: a broker may come back
 * elsewhere. All addresses of a name are tried, in random order. gRPC's own resolver
 * would log each failure with its stack trace; from this one it always gets an address,
 * if need be one that {@link Sockets} refuse to connect to, saying why.
 */
final class HostResolver extends NameResolver {

	private final Address address;

	private final Sockets sockets;

	private final HostLookup lookup;

	private final ProxyDetector proxies;

	private final Executor executor;

	private final AtomicBoolean looking = new AtomicBoolean();

	private volatile @Nullable Listener2 listener;

	private HostResolver(Address address, Sockets sockets, HostLookup lookup, Args args) {
		this.address = address;
		this.sockets = sockets;
		this.lookup = lookup;
		this.proxies = args.getProxyDetector();
		Executor offload = args.getOffloadExecutor();
		this.executor = (offload != null) ? offload : Runnable::run;
	}

	static NameResolver.Factory factory(Address address, Sockets sockets, HostLookup lookup) {
		return new NameResolver.Factory() {

			@Override
			public NameResolver newNameResolver(URI target, Args args) {
				return new HostResolver(address, sockets, lookup, args);
			}

			@Override
			public String getDefaultScheme() {
				return "liftbridge";
			}

		};
	}

	@Override
	public String getServiceAuthority() {
		return this.address.toString();
	}

	@Override
	public void start(Listener2 first) {
		this.listener = first;
		refresh();
	}

	@Override
	public void refresh() {
		if (this.looking.compareAndSet(false, true)) {
			this.executor.execute(this::look);
		}
	}

	private void look() {
		List<EquivalentAddressGroup> found = find();
		this.looking.set(false);
		Listener2 current = this.listener;
		if (current != null) {
			current.onResult(ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(found)).build());
		}
	}

	private List<EquivalentAddressGroup> find() {
		SocketAddress unresolved = InetSocketAddress.createUnresolved(this.address.host(), this.address.port());
		try {
			SocketAddress proxied = isLocal(this.address.host()) ? null : this.proxies.proxyFor(unresolved);
			List<SocketAddress> found = (proxied != null) ? List.of(proxied)
					: new ArrayList<>(this.lookup.find(this.address));
			if (found.isEmpty()) {
				throw new UnknownHostException(this.address.host());
			}
			if (found.size() > 1) {
				// So that not all clients use the first one.
				Collections.shuffle(found);
			}
			this.sockets.found(found.size());
			return found.stream().map(EquivalentAddressGroup::new).toList();
		}
		catch (UnknownHostException ex) {
			this.sockets.notFound("the host name '" + this.address.host()
					+ "' cannot be resolved; check its spelling, and that DNS knows it where this application runs");
		}
		catch (IOException | RuntimeException ex) {
			this.sockets.notFound("the address of '" + this.address.host() + "' cannot be found: " + ex);
		}
		return List.of(new EquivalentAddressGroup(unresolved));
	}

	/** A proxy would connect to itself. */
	private static boolean isLocal(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		return name.equals("localhost") || name.endsWith(".localhost") || name.startsWith("127.") || name.equals("::1");
	}

	@Override
	public void shutdown() {
		this.listener = null;
	}

}
