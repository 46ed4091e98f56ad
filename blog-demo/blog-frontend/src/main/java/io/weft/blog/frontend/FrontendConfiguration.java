package io.weft.blog.frontend;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.StringUtils;
import org.springframework.web.client.RestClient;

@Configuration(proxyBeanMethods = false)
class FrontendConfiguration {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /**
     * Goes through the proxy of the system properties ({@code http.proxyHost} …) unless {@code
     * blog.http-proxy} names one for this instance. HTTP/1.1, because the JDK would otherwise ask
     * every plain server to upgrade.
     */
    @Bean(destroyMethod = "shutdownNow")
    @Lazy(false)
    HttpClient httpClient(@Value("${blog.http-proxy}") String proxy) {
        var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER);
        if (StringUtils.hasText(proxy)) {
            URI uri = URI.create(proxy);
            if (uri.getHost() == null || uri.getPort() < 0) {
                throw new IllegalArgumentException(
                        "blog.http-proxy: " + proxy + " (expected: http://HOST:PORT)");
            }
            client.proxy(ProxySelector.of(new InetSocketAddress(uri.getHost(), uri.getPort())));
        }
        return client.build();
    }

    @Bean
    BlogApi blogApi(
            RestClient.Builder builder,
            HttpClient http,
            @Value("${blog.api.url}") String url,
            @Value("${blog.timeout}") Duration timeout) {
        return new BlogApi(upstream("blog-api", builder, http, url, timeout));
    }

    @Bean
    UserApi userApi(
            RestClient.Builder builder,
            HttpClient http,
            @Value("${blog.users.url}") String url,
            @Value("${blog.timeout}") Duration timeout) {
        return new UserApi(upstream("user-service", builder, http, url, timeout));
    }

    private static Upstream upstream(
            String name,
            RestClient.Builder builder,
            HttpClient http,
            String url,
            Duration timeout) {
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(timeout);
        return new Upstream(
                name,
                builder.clone()
                        .baseUrl(url)
                        .requestFactory(requests)
                        .requestInterceptor(Canary.interceptor())
                        .build());
    }
}
