package io.weft.blog.api;

import java.time.Instant;
import java.util.List;

/** The articles that the demo starts with; their authors are sample users of the user service. */
final class SampleArticles {

    private SampleArticles() {}

    static List<Article> all() {
        return List.of(
                article(
                        "warp-and-weft",
                        "Warp and weft",
                        "ada",
                        List.of("weaving", "networks"),
                        "2026-03-02T08:30:00Z",
                        """
                        On a loom the warp is what was there before: long threads, stretched tight, unable to move. \
                        The weft is what passes between them. It goes over one and under the next, and only because \
                        it does so every single time do loose threads become cloth.

                        Anyone who has run more than a handful of services knows the warp well. The services are \
                        there, they are under tension, and none of them knows much of the others. What makes them \
                        one thing is the traffic between, and whether somebody minds it at every crossing.

                        My grandmother could hear a missed crossing. The rhythm of the shuttle changed, she stopped, \
                        went back three rows and set it right. I have yet to meet an alert that is as good as her ear.\
                        """),
                article(
                        "garden-in-the-rain",
                        "雨中的园子",
                        "lin-mei",
                        List.of("园林", "慢生活"),
                        "2026-03-05T01:15:00Z",
                        """
                        下雨的时候,园子里没有人。石阶被洗得发亮,芭蕉叶上的水珠一颗一颗往下滚,落在池塘里,圆圈套着圆圈。

                        造园的人早就想到了这一刻。廊子的檐伸得那样长,不是为了遮太阳,是为了让人坐在里面,听雨从瓦上流到石头上。\
                        一座好的园子,晴天给眼睛,雨天给耳朵。

                        我在亭子里坐了一个下午,茶凉了又续。回去的时候鞋湿了,心里却很干净。\
                        """),
                article(
                        "forty-minutes",
                        "Forty minutes on foot",
                        "tomas",
                        List.of("walking", "slow-life"),
                        "2026-03-09T17:00:00Z",
                        """
                        From my door to the market it takes eight minutes by bicycle and forty on foot, if I go along \
                        the canal. For years I took the bicycle and called the thirty-two minutes saved.

                        Saved for what? I looked it up, in the honest ledger that a calendar is. They had gone to \
                        messages that answered messages. So now I walk, and I know the heron by the second lock, the \
                        bakery's mistakes, and which of the house boats has a piano.\
                        """),
                article(
                        "small-releases",
                        "One in ten",
                        "ada",
                        List.of("networks", "releases"),
                        "2026-03-14T09:45:00Z",
                        """
                        Miners took a canary down the shaft because it noticed before they did. We send one request in \
                        ten to the new version for the same reason, and with less harm to birds.

                        The trick is not the ten percent. It is to have decided beforehand what you will look at, what \
                        you will call bad, and who may turn back without asking. A canary nobody watches is just a \
                        slower way of breaking things.

                        If this page told you its reading time, you are the one in ten.\
                        """),
                article(
                        "first-flush",
                        "明前茶",
                        "lin-mei",
                        List.of("茶", "慢生活"),
                        "2026-03-20T06:20:00Z",
                        """
                        清明之前采的茶,芽还没有完全张开,一斤要几万个芽头。价钱自然不便宜,但喝的人说,喝的是春天的第一口气。

                        水不能太烫,八十度就好。叶子在杯里慢慢站起来,又慢慢沉下去。这一上一下的工夫,什么也不必做。

                        外婆说,会等水凉的人,才会喝茶。\
                        """));
    }

    private static Article article(
            String id, String title, String author, List<String> tags, String at, String body) {
        Instant time = Instant.parse(at);
        return new Article(id, title, body, author, tags, time, time);
    }
}
