package io.weft.blog.users;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.weft.blog.users.v1.ChatMessage;
import io.weft.blog.users.v1.GetUserRequest;
import io.weft.blog.users.v1.ListUsersRequest;
import io.weft.blog.users.v1.Role;
import io.weft.blog.users.v1.User;
import io.weft.blog.users.v1.UserEvent;
import io.weft.blog.users.v1.UsersGrpc;
import io.weft.blog.users.v1.WatchRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.http.HttpProtocol;

class UserServiceTest {

    private static EmbeddedRedis redis;
    private static ConfigurableApplicationContext first;
    private static ConfigurableApplicationContext second;
    private static ManagedChannel channel;
    private static HttpClient http;

    @BeforeAll
    static void startTwoInstancesInOneJvmOverOneRedis() throws Exception {
        redis = EmbeddedRedis.start();
        first = start("users-1");
        second = start("users-2");
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port(first)).usePlaintext().build();
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, SECONDS);
        http.close();
        second.close();
        first.close();
        redis.close();
    }

    private static ConfigurableApplicationContext start(String instance) {
        return UserServiceApplication.start(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--blog.instance=" + instance,
                "--REDIS_URL=" + redis.url());
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext to, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(to) + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersJsonOverHttp11() throws Exception {
        HttpResponse<String> list = send(request(first, "/api/users/"));
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.headers().firstValue("x-users-served-by")).hasValue("users-1");
        assertThat(list.body()).contains("\"id\":\"admin\"", "\"role\":\"editor\"", "林梅");

        HttpResponse<String> nobody = send(request(first, "/api/users/nobody"));
        assertThat(nobody.statusCode()).isEqualTo(404);
        assertThat(nobody.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(nobody.body()).contains("no user has the id nobody");
    }

    @Test
    void answersJsonOverHttp2WithPriorKnowledgeOnTheSamePort() {
        String body =
                reactor.netty.http.client.HttpClient.create()
                        .protocol(HttpProtocol.H2C)
                        .get()
                        .uri("http://127.0.0.1:" + port(first) + "/api/users/ada")
                        .responseSingle((response, content) -> {
                            assertThat(response.version().protocolName()).isEqualTo("HTTP");
                            assertThat(response.version().majorVersion()).isEqualTo(2);
                            return content.asString();
                        })
                        .block();
        assertThat(body).contains("Ada Okafor");
    }

    @Test
    void storesAUserThatTheOtherInstanceThenSees() throws Exception {
        HttpResponse<String> stored =
                send(
                        request(first, "/api/users/grace")
                                .header("content-type", "application/json")
                                .PUT(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"displayName\":\"Grace\",\"role\":\"author\"}")));
        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(send(request(second, "/api/users/grace")).body()).contains("Grace");
    }

    @Test
    void refusesAUserWithAnIllFormedIdOrNoName() throws Exception {
        HttpResponse<String> refused =
                send(
                        request(first, "/api/users/NOT%20AN%20ID")
                                .header("content-type", "application/json")
                                .PUT(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"displayName\":\"X\"}")));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("NOT AN ID", "expected");
    }

    @Test
    void answersGrpcWithTrailersThatTellTheInstanceAndTheDeadline() {
        var headers = new AtomicReference<Metadata>();
        var trailers = new AtomicReference<Metadata>();
        User user =
                UsersGrpc.newBlockingStub(
                                ClientInterceptors.intercept(
                                        channel,
                                        MetadataUtils.newCaptureMetadataInterceptor(
                                                headers, trailers)))
                        .withDeadlineAfter(2, SECONDS)
                        .getUser(GetUserRequest.newBuilder().setId("editor").build());
        assertThat(user.getDisplayName()).isEqualTo("Edda Editor");
        assertThat(user.getRole()).isEqualTo(Role.ROLE_EDITOR);
        assertThat(trailers.get().get(ServedByInterceptor.SERVED_BY)).isEqualTo("users-1");
        assertThat(Long.parseLong(trailers.get().get(ServedByInterceptor.DEADLINE_MILLIS)))
                .isBetween(1L, 2_000L);
    }

    @Test
    void tellsInTheStatusWhyAUserIsNotGiven() {
        var stub = UsersGrpc.newBlockingStub(channel).withDeadlineAfter(5, SECONDS);
        StatusRuntimeException unknown =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> stub.getUser(GetUserRequest.newBuilder().setId("nobody").build()));
        assertThat(unknown.getStatus().getCode())
                .as(unknown.toString())
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(unknown.getStatus().getDescription()).contains("nobody");
        assertThat(unknown.getTrailers().get(ServedByInterceptor.SERVED_BY)).isEqualTo("users-1");
        StatusRuntimeException blank =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> stub.getUser(GetUserRequest.getDefaultInstance()));
        assertThat(blank.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void listsTheUsersOfOneRole() {
        var editors =
                UsersGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(5, SECONDS)
                        .listUsers(ListUsersRequest.newBuilder().setRole(Role.ROLE_EDITOR).build());
        assertThat(editors.getUsersList()).extracting(User::getId).containsExactly("editor");
    }

    @Test
    void watchingShowsWhoIsThereAndThenWhoIsStored() throws Exception {
        try (var call = Context.current().withCancellation()) {
            Iterator<UserEvent> events =
                    call.call(() ->
                            UsersGrpc.newBlockingStub(channel)
                                    .withDeadlineAfter(10, SECONDS)
                                    .watch(WatchRequest.getDefaultInstance()));
            assertThat(events.next().getKind()).isEqualTo(UserEvent.Kind.KIND_PRESENT);
            var body = HttpRequest.BodyPublishers.ofString("{\"displayName\":\"Watched\"}");
            send(
                    request(first, "/api/users/watched")
                            .header("content-type", "application/json")
                            .PUT(body));
            UserEvent event = events.next();
            while (event.getKind() == UserEvent.Kind.KIND_PRESENT) {
                event = events.next();
            }
            assertThat(event.getKind()).isEqualTo(UserEvent.Kind.KIND_STORED);
            assertThat(event.getUser().getId()).isEqualTo("watched");
        }
    }

    @Test
    void aStreamEndsWhenTheCallersDeadlinePasses() {
        StatusRuntimeException end =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                UsersGrpc.newBlockingStub(channel)
                                        .withDeadlineAfter(300, MILLISECONDS)
                                        .watch(WatchRequest.getDefaultInstance())
                                        .forEachRemaining(event -> {}));
        assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void aStreamIsToldWhenItsInstanceStopsAndTheOtherInstanceGoesOn() throws Exception {
        ConfigurableApplicationContext third = start("users-3");
        ManagedChannel toThird =
                ManagedChannelBuilder.forAddress("127.0.0.1", port(third)).usePlaintext().build();
        try {
            Iterator<UserEvent> events =
                    UsersGrpc.newBlockingStub(toThird)
                            .withDeadlineAfter(10, SECONDS)
                            .watch(WatchRequest.getDefaultInstance());
            events.next();
            third.close();
            StatusRuntimeException end =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> events.forEachRemaining(event -> {}));
            assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(end.getStatus().getDescription()).contains("shutting down");
        } finally {
            toThird.shutdownNow().awaitTermination(5, SECONDS);
        }
        assertThat(send(request(first, "/api/users/ada")).statusCode()).isEqualTo(200);
    }

    @Test
    void aChatIsAnsweredMessageByMessageWhileItIsStillOpen() throws Exception {
        BlockingQueue<ChatMessage> answers = new ArrayBlockingQueue<>(8);
        var completed = new CountDownLatch(1);
        StreamObserver<ChatMessage> chat =
                UsersGrpc.newStub(channel)
                        .withDeadlineAfter(10, SECONDS)
                        .chat(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ChatMessage message) {
                                        answers.add(message);
                                    }

                                    @Override
                                    public void onError(Throwable failure) {}

                                    @Override
                                    public void onCompleted() {
                                        completed.countDown();
                                    }
                                });
        for (int number = 1; number <= 3; number++) {
            chat.onNext(ChatMessage.newBuilder().setText("hello " + number).build());
            ChatMessage answer = answers.poll(5, SECONDS);
            assertThat(answer).isNotNull();
            assertThat(answer.getText()).isEqualTo("hello " + number);
            assertThat(answer.getNumber()).isEqualTo(number);
        }
        chat.onCompleted();
        assertThat(completed.await(5, SECONDS)).isTrue();
    }

    @Test
    void answersHealthAndReflectionOverGrpc() throws Exception {
        var health =
                HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(5, SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance());
        assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING);

        BlockingQueue<ServerReflectionResponse> answers = new ArrayBlockingQueue<>(4);
        StreamObserver<ServerReflectionRequest> reflection =
                ServerReflectionGrpc.newStub(channel)
                        .withDeadlineAfter(5, SECONDS)
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse response) {
                                        answers.add(response);
                                    }

                                    @Override
                                    public void onError(Throwable failure) {}

                                    @Override
                                    public void onCompleted() {}
                                });
        reflection.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        ServerReflectionResponse services = answers.poll(5, SECONDS);
        reflection.onCompleted();
        assertThat(services).isNotNull();
        assertThat(services.getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("weft.blog.users.v1.Users");
    }

    @Test
    void answersTheProbes() throws Exception {
        for (String probe : new String[] {"liveness", "readiness"}) {
            HttpResponse<String> answer = send(request(first, "/actuator/health/" + probe));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("UP");
        }
    }
}
