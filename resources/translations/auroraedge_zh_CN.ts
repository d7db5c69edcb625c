<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>the picture is incomplete</source>
        <translation>图片不完整</translation>
    </message>
    <message>
        <source>the picture is damaged</source>
        <translation>图片已损坏</translation>
    </message>
    <message>
        <source>the picture has too many pixels</source>
        <translation>图片像素过多</translation>
    </message>
    <message>
        <source>the picture has no pixels</source>
        <translation>图片没有像素</translation>
    </message>
    <message>
        <source>the picture is too small or too narrow</source>
        <translation>图片太小或太窄</translation>
    </message>
    <message>
        <source>the picture has an unknown format</source>
        <translation>图片格式未知</translation>
    </message>
    <message>
        <source>the picture shows one even colour; is the lens covered?</source>
        <translation>图片只有一种均匀的颜色；镜头是否被遮住？</translation>
    </message>
    <message>
        <source>the picture file is too large</source>
        <translation>图片文件过大</translation>
    </message>
    <message>
        <source>the picture file changed while it was read</source>
        <translation>读取时图片文件发生了变化</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>文件无法读取</translation>
    </message>
    <message>
        <source>this is no ordinary file</source>
        <translation>这不是普通文件</translation>
    </message>
    <message>
        <source>the file or folder was not found</source>
        <translation>找不到文件或文件夹</translation>
    </message>
    <message>
        <source>the folder is gone</source>
        <translation>文件夹已不存在</translation>
    </message>
    <message>
        <source>the folder cannot be written to</source>
        <translation>文件夹不可写入</translation>
    </message>
    <message>
        <source>the disk is nearly full</source>
        <translation>磁盘将满</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>the disk reports a fault</source>
        <translation>磁盘报告故障</translation>
    </message>
    <message>
        <source>a limit of the system is reached</source>
        <translation>达到系统限制</translation>
    </message>
    <message>
        <source>the camera was not found; check cable and power</source>
        <translation>找不到相机；请检查线缆和电源</translation>
    </message>
    <message>
        <source>the source gives no picture</source>
        <translation>图像源没有画面</translation>
    </message>
    <message>
        <source>the picture of the camera is frozen</source>
        <translation>相机画面停滞不动</translation>
    </message>
    <message>
        <source>the camera refused the login</source>
        <translation>相机拒绝登录</translation>
    </message>
    <message>
        <source>the size of the picture has changed</source>
        <translation>图片尺寸发生了变化</translation>
    </message>
    <message>
        <source>this is another camera than the one expected</source>
        <translation>这不是预期的那台相机</translation>
    </message>
    <message>
        <source>another program uses the camera</source>
        <translation>相机正被其他程序使用</translation>
    </message>
    <message>
        <source>this address is not allowed: use rtsp, rtsps, http(s) or a device</source>
        <translation>不允许使用此地址：请用 rtsp、rtsps、http(s) 或设备</translation>
    </message>
    <message>
        <source>the database is in use</source>
        <translation>数据库正被使用</translation>
    </message>
    <message>
        <source>the database is damaged; nothing of it was deleted</source>
        <translation>数据库已损坏；其内容均未删除</translation>
    </message>
    <message>
        <source>the database is of a newer version; it is only read</source>
        <translation>数据库来自更新的版本；只能读取</translation>
    </message>
    <message>
        <source>the file is no database of this program</source>
        <translation>该文件不是本程序的数据库</translation>
    </message>
    <message>
        <source>the database could not be brought up to date; the old one is unchanged</source>
        <translation>数据库无法升级；原文件未改动</translation>
    </message>
    <message>
        <source>the stored picture is missing</source>
        <translation>保存的图片缺失</translation>
    </message>
    <message>
        <source>the stored picture was altered</source>
        <translation>保存的图片被改动过</translation>
    </message>
    <message>
        <source>the weight file is too short</source>
        <translation>权重文件过短</translation>
    </message>
    <message>
        <source>weights are missing in the model</source>
        <translation>模型缺少权重</translation>
    </message>
    <message>
        <source>weights of the model have the wrong shape</source>
        <translation>模型权重的形状不对</translation>
    </message>
    <message>
        <source>weights of the model are no numbers</source>
        <translation>模型权重中有非数值</translation>
    </message>
    <message>
        <source>a file of the model was changed</source>
        <translation>模型的文件被改动过</translation>
    </message>
    <message>
        <source>parts of the weight file are missing or do not fit</source>
        <translation>权重分片缺失或不匹配</translation>
    </message>
    <message>
        <source>the model has a format that this program does not read</source>
        <translation>本程序不能读取该模型的格式</translation>
    </message>
    <message>
        <source>this is no model folder</source>
        <translation>这不是模型文件夹</translation>
    </message>
    <message>
        <source>a value in the model&apos;s configuration is not possible</source>
        <translation>模型配置中有不允许的值</translation>
    </message>
    <message>
        <source>the tokenizer does not fit the model</source>
        <translation>分词器与模型不匹配</translation>
    </message>
    <message>
        <source>the tokenizer has a damaged entry</source>
        <translation>分词器有损坏的条目</translation>
    </message>
    <message>
        <source>the tokenizer lacks a marker that the model needs</source>
        <translation>分词器缺少模型需要的标记</translation>
    </message>
    <message>
        <source>the question is empty</source>
        <translation>问题为空</translation>
    </message>
    <message>
        <source>the question is too long</source>
        <translation>问题过长</translation>
    </message>
    <message>
        <source>the question holds characters that cannot be read</source>
        <translation>问题含有无法读取的字符</translation>
    </message>
    <message>
        <source>the model gave no usable answer</source>
        <translation>模型没有给出可用的回答</translation>
    </message>
    <message>
        <source>the settings are damaged; the defaults are used</source>
        <translation>设置已损坏；改用默认值</translation>
    </message>
    <message>
        <source>the plugin does not fit this version</source>
        <translation>插件与此版本不匹配</translation>
    </message>
    <message>
        <source>the plugin is not trusted: others may write to it</source>
        <translation>插件不可信：其他人可以改写它</translation>
    </message>
    <message>
        <source>the plugin failed and is switched off</source>
        <translation>插件出错，已停用</translation>
    </message>
    <message>
        <source>no usable GPU was found</source>
        <translation>没有找到可用的 GPU</translation>
    </message>
    <message>
        <source>the GPU has too little memory for this model</source>
        <translation>GPU 内存不足以加载该模型</translation>
    </message>
    <message>
        <source>the GPU has too little memory for this question</source>
        <translation>GPU 内存不足以回答该问题</translation>
    </message>
    <message>
        <source>the GPU failed</source>
        <translation>GPU 出错</translation>
    </message>
    <message>
        <source>there is too little memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>the engine does not answer any more</source>
        <translation>引擎不再响应</translation>
    </message>
    <message>
        <source>the engine is missing; install the program again</source>
        <translation>缺少引擎；请重新安装程序</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>an internal error; please report it</source>
        <translation>内部错误；请报告</translation>
    </message>
    <message>
        <source>the disk does not keep up; try again</source>
        <translation>磁盘跟不上，请再试一次</translation>
    </message>
    <message>
        <source>the pictures of the camera come late</source>
        <translation>相机的画面来得太迟</translation>
    </message>
    <message>
        <source>the file cannot be understood; a bracket or a comma may be missing</source>
        <translation>无法读懂该文件；可能缺少括号或逗号</translation>
    </message>
    <message>
        <source>the file names a setting that is not known</source>
        <translation>文件中有未知的设置项</translation>
    </message>
    <message>
        <source>the file holds a value that is not possible</source>
        <translation>文件中有不可能的值</translation>
    </message>
    <message>
        <source>the picture file is empty</source>
        <translation>图片文件为空</translation>
    </message>
    <message>
        <source>the picture is animated; only still pictures are read</source>
        <translation>图片是动画；只能读取静态图片</translation>
    </message>
    <message>
        <source>the file holds several pictures; only one is read</source>
        <translation>文件含有多张图片；只能读取单张</translation>
    </message>
    <message>
        <source>the picture has the colour model CMYK; save it as RGB</source>
        <translation>图片为 CMYK 颜色模式；请存为 RGB</translation>
    </message>
    <message>
        <source>the picture does not have 8 bits a colour</source>
        <translation>图片不是每通道 8 位</translation>
    </message>
    <message>
        <source>the picture is partly transparent</source>
        <translation>图片部分透明</translation>
    </message>
    <message>
        <source>the picture is grey</source>
        <translation>图片是灰度图</translation>
    </message>
    <message>
        <source>the metadata of the picture is damaged; save it again without</source>
        <translation>图片的元数据已损坏；请去掉元数据后重新保存</translation>
    </message>
    <message>
        <source>the picture is built from too many scans</source>
        <translation>图片的扫描层过多</translation>
    </message>
    <message>
        <source>the picture file goes on behind the picture</source>
        <translation>图片文件在图片数据之后还有多余内容</translation>
    </message>
    <message>
        <source>the link leads back to itself</source>
        <translation>链接指回自身</translation>
    </message>
    <message>
        <source>the link leads out of the folder</source>
        <translation>链接指向文件夹之外</translation>
    </message>
    <message>
        <source>the path of the file is too long</source>
        <translation>文件路径过长</translation>
    </message>
    <message>
        <source>the database is on a network drive; choose a folder of this computer</source>
        <translation>数据库位于网络驱动器；请选择本机文件夹</translation>
    </message>
    <message>
        <source>the database is not built as it should be</source>
        <translation>数据库的结构不符合要求</translation>
    </message>
    <message>
        <source>another program is at work there already</source>
        <translation>已有另一个程序在那里工作</translation>
    </message>
    <message>
        <source>the weight file says an impossible length of its header</source>
        <translation>权重文件的头部长度不可能</translation>
    </message>
    <message>
        <source>the header of the weight file cannot be understood</source>
        <translation>无法读懂权重文件的头部</translation>
    </message>
    <message>
        <source>the weight file names weights twice</source>
        <translation>权重文件中有重名的权重</translation>
    </message>
    <message>
        <source>weights lie outside of the weight file</source>
        <translation>有权重位于权重文件之外</translation>
    </message>
    <message>
        <source>weights in the weight file overlap</source>
        <translation>权重文件中的权重相互重叠</translation>
    </message>
    <message>
        <source>the weight file has a gap between its weights</source>
        <translation>权重文件的权重之间有空隙</translation>
    </message>
    <message>
        <source>the size of weights in the file does not fit their shape</source>
        <translation>文件中权重的大小与形状不符</translation>
    </message>
    <message>
        <source>weights in the file have an impossible shape</source>
        <translation>文件中权重的形状不可能</translation>
    </message>
    <message>
        <source>weights in the file are of a kind that this program does not read</source>
        <translation>文件中权重的数据类型本程序不能读取</translation>
    </message>
    <message>
        <source>the weight file names too many weights</source>
        <translation>权重文件中的权重过多</translation>
    </message>
    <message>
        <source>the weight file holds weights that the model does not use</source>
        <translation>权重文件含有模型不使用的权重</translation>
    </message>
    <message>
        <source>weights of the model have the same value throughout</source>
        <translation>模型有权重的数值全部相同</translation>
    </message>
    <message>
        <source>the files of the model are not as SHA256SUMS lists them</source>
        <translation>模型文件与 SHA256SUMS 所列不符</translation>
    </message>
    <message>
        <source>the answer gives no verdict</source>
        <translation>回答不能给出判定</translation>
    </message>
    <message>
        <source>the model is not sure enough</source>
        <translation>模型把握不足</translation>
    </message>
    <message>
        <source>the answers disagree</source>
        <translation>各回答不一致</translation>
    </message>
    <message>
        <source>the file is of a version that this program does not read</source>
        <translation>本程序不能读取该版本的文件</translation>
    </message>
    <message>
        <source>the name is not allowed</source>
        <translation>不允许使用此名称</translation>
    </message>
    <message>
        <source>the recipe is not approved</source>
        <translation>配方未经批准</translation>
    </message>
    <message>
        <source>the self-test of the engine failed</source>
        <translation>引擎自检失败</translation>
    </message>
    <message>
        <source>this is not possible</source>
        <translation>无法这样做</translation>
    </message>
    <message>
        <source>the connectors are untrained: answers mean nothing yet</source>
        <translation>连接层未经训练：回答尚无意义</translation>
    </message>
    <message>
        <source>this product calls no part OK yet: too few good pictures were held out to promise it</source>
        <translation>该产品尚不会把任何零件判为 OK：留出的良品图片太少，无法保证</translation>
    </message>
    <message>
        <source>%1 tensors of the file are not used: %2</source>
        <translation>文件中有 %1 个张量未被使用：%2</translation>
    </message>
    <message>
        <source>MOD-16: every value is the same in %1</source>
        <translation>MOD-16：%1 中的数值全部相同</translation>
    </message>
    <message>
        <source>the CPU was chosen</source>
        <translation>已选择 CPU</translation>
    </message>
    <message>
        <source>the GPU is too small: needs %1, %2 are free</source>
        <translation>GPU 内存不足：需要 %1，可用 %2</translation>
    </message>
    <message>
        <source>%1 are needed, %2 are free</source>
        <translation>需要 %1，可用 %2</translation>
    </message>
    <message>
        <source>the thresholds of this product were chosen at %1 and it runs at %2: evaluate it before its verdicts are relied on</source>
        <translation>该产品的阈值是在 %1 下选定的，而现在以 %2 运行：请先评估，再依赖其判定</translation>
    </message>
    <message>
        <source>%1 wide, %2 layers, %3 heads, MLP %4, patch %5</source>
        <translation>宽 %1，%2 层，%3 个注意力头，MLP %4，图块 %5</translation>
    </message>
    <message>
        <source>%1 wide, %2 layers, %3 heads, MLP %4, patch %5, picture %6</source>
        <translation>宽 %1，%2 层，%3 个注意力头，MLP %4，图块 %5，图片 %6</translation>
    </message>
    <message>
        <source>%1 wide, %2 layers, %3 heads (%4 KV), MLP %5, vocabulary %6</source>
        <translation>宽 %1，%2 层，%3 个注意力头（%4 个 KV），MLP %5，词表 %6</translation>
    </message>
    <message>
        <source>%1 wide, %2 layers, %3 heads (%4 KV), MLP %5, vocabulary %6, tied head</source>
        <translation>宽 %1，%2 层，%3 个注意力头（%4 个 KV），MLP %5，词表 %6，输出层与词嵌入共享权重</translation>
    </message>
    <message>
        <source>ldpv2, %1 -&gt; %2 wide, %3 -&gt; %4 tokens</source>
        <translation>ldpv2，宽 %1 → %2，词元 %3 → %4</translation>
    </message>
    <message>
        <source>%1 weights, %2 keys and values of the longest question, %3 features of %4 pictures</source>
        <translation>权重 %1，最长问题的键和值 %2，%4 张图片的特征 %3</translation>
    </message>
    <message>
        <source>the picture does not show what the golden picture shows, or is that picture itself</source>
        <translation>图片与基准图片所示不同，或就是基准图片本身</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>Preprocess</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>Encode</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Compress</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Fuse</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首个词元</translation>
    </message>
    <message>
        <source>Per token</source>
        <translation>每个词元</translation>
    </message>
    <message>
        <source>Whole answer</source>
        <translation>整个回答</translation>
    </message>
</context>
<context>
    <name>Station</name>
    <message>
        <source>Simulated line</source>
        <translation>模拟产线</translation>
    </message>
    <message>
        <source>%1; reconnecting (try %2)</source>
        <translation>%1；正在重新连接（第 %2 次）</translation>
    </message>
    <message>
        <source>expected: %1</source>
        <translation>期望：%1</translation>
    </message>
    <message>
        <source>the model was never trained</source>
        <translation>模型从未训练过</translation>
    </message>
    <message>
        <source>probability %1 is below %2</source>
        <translation>概率 %1 低于 %2</translation>
    </message>
    <message>
        <source>the model gave no usable probability</source>
        <translation>模型没有给出可用的概率</translation>
    </message>
    <message>
        <source>the answer was cut at the token limit</source>
        <translation>回答因词元上限被截断</translation>
    </message>
    <message>
        <source>“%1” is not one of the declared answers</source>
        <translation>“%1”不是声明的答案之一</translation>
    </message>
    <message>
        <source>There is no live picture; nothing can be inspected.</source>
        <translation>没有实时画面；无法检测。</translation>
    </message>
    <message>
        <source>Choose source</source>
        <translation>选择图像源</translation>
    </message>
    <message>
        <source>The model from before goes on answering.</source>
        <translation>原来的模型继续回答。</translation>
    </message>
    <message>
        <source>Questions cannot be answered.</source>
        <translation>无法回答问题。</translation>
    </message>
    <message>
        <source>Choose model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Answers are shown but not stored, and none of them counts as OK.</source>
        <translation>回答会显示但不会保存，也都不算 OK。</translation>
    </message>
    <message>
        <source>Questions get no answer until the new size is accepted.</source>
        <translation>在接受新尺寸之前，问题不会得到回答。</translation>
    </message>
    <message>
        <source>Accept new size</source>
        <translation>接受新尺寸</translation>
    </message>
    <message>
        <source>Saved cameras, their logins or settings may be missing.</source>
        <translation>已保存的相机、登录信息或设置可能丢失。</translation>
    </message>
    <message>
        <source>The judgement was not stored. Give it again.</source>
        <translation>判断未能保存，请再给一次。</translation>
    </message>
    <message>
        <source>The counters were not reset.</source>
        <translation>计数器未能清零。</translation>
    </message>
    <message>
        <source>Storing works again. Answers that are in no row: %1.</source>
        <translation>已恢复存储。未能写入记录的回答：%1 个。</translation>
    </message>
    <message>
        <source>Storing works again.</source>
        <translation>已恢复存储。</translation>
    </message>
    <message>
        <source>the model cannot tell</source>
        <translation>模型无法判断</translation>
    </message>
    <message>
        <source>this model promises nothing here</source>
        <translation>此模型对此问题不作保证</translation>
    </message>
    <message>
        <source>%1; it is not tried again by itself, so that the camera does not lock the login</source>
        <translation>%1；不会自动重试，以免相机锁定该登录</translation>
    </message>
    <message>
        <source>There is no live picture. Mend the login of the source, or choose it again to try once more.</source>
        <translation>没有实时画面。请修正该来源的登录信息，或重新选择它再试一次。</translation>
    </message>
    <message>
        <source>No verdict is shown before its answer is stored.</source>
        <translation>回答保存之前不会显示判定。</translation>
    </message>
    <message>
        <source>The disk is slow: an answer has been waiting for more than 2 s.</source>
        <translation>磁盘较慢：有回答等待保存已超过 2 秒。</translation>
    </message>
    <message>
        <source>What ships with the program is used in its place.</source>
        <translation>改用程序自带的内容。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Below %1 no picture is saved any more, and no answer counts as OK.</source>
        <translation>剩余空间低于 %1 时不再保存图片，任何回答都不算 OK。</translation>
    </message>
    <message>
        <source>The disk is nearly full: %1 are left. Make room soon.</source>
        <translation>磁盘空间不足：仅剩 %1。请尽快清理。</translation>
    </message>
    <message>
        <source>Pictures that are left out of the folder: %1. The first of them is %2.</source>
        <translation>文件夹中被跳过的图片：%1 张。第一张是 %2。</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::BatchDesk</name>
    <message>
        <source>The jobs of earlier days are out of reach, and new ones will not be remembered. %1</source>
        <translation>无法读取以前的任务，新任务也不会被记住。%1</translation>
    </message>
    <message>
        <source>SET-01: Some jobs could not be read. Their file was kept as %1.</source>
        <translation>SET-01：部分任务无法读取。原文件保留为 %1。</translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation>%1 不存在。</translation>
    </message>
    <message>
        <source>No file can be written in %1.</source>
        <translation>无法在 %1 中写入文件。</translation>
    </message>
    <message>
        <source>The job %1 writes there already; choose another name.</source>
        <translation>任务 %1 已写入该处，请换一个名称。</translation>
    </message>
    <message>
        <source>It ended with code %1.</source>
        <translation>任务以代码 %1 结束。</translation>
    </message>
    <message>
        <source>The jobs cannot be remembered. %1</source>
        <translation>无法保存任务列表。%1</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::BatchProcess</name>
    <message>
        <source>The program of the job ended by itself (signal %1). Its answers so far are kept.</source>
        <translation>任务程序自行结束（信号 %1）。已有的回答均已保留。</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::InspectionSession</name>
    <message>
        <source>there is no picture to ask about</source>
        <translation>没有可提问的图片</translation>
    </message>
    <message>
        <source>answers wait for the disk; ask again when they are stored</source>
        <translation>回答正在等待写入磁盘；保存后请再次提问</translation>
    </message>
    <message>
        <source>another question is still being answered</source>
        <translation>另一个问题仍在回答中</translation>
    </message>
    <message>
        <source>the marked part is too small; mark at least %1 x %1 pixels</source>
        <translation>标记的区域太小；至少标记 %1 x %1 像素</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::ModelDesk</name>
    <message>
        <source>%1 was imported.</source>
        <translation>已导入 %1。</translation>
    </message>
    <message>
        <source>The import was cancelled; nothing is left of it.</source>
        <translation>导入已取消，没有留下任何文件。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>The check was cancelled.</source>
        <translation>检查已取消。</translation>
    </message>
    <message>
        <source>There is no list of hashes to compare with.</source>
        <translation>没有可供比对的哈希清单。</translation>
    </message>
    <message>
        <source>All files are as they should be.</source>
        <translation>所有文件都完好。</translation>
    </message>
    <message>
        <source>Altered or missing: %1</source>
        <translation>被改动或缺失：%1</translation>
    </message>
    <message>
        <source>The model was removed.</source>
        <translation>模型已删除。</translation>
    </message>
    <message>
        <source>The measuring was stopped.</source>
        <translation>测速已停止。</translation>
    </message>
    <message>
        <source>The speed was measured.</source>
        <translation>测速完成。</translation>
    </message>
    <message>
        <source>There is no list of hashes (SHA256SUMS), and reading all of it would keep questions waiting: what it is is told once it is loaded.</source>
        <translation>没有哈希列表（SHA256SUMS），而全部读取会让问题等待：加载之后才说明它是什么。</translation>
    </message>
    <message>
        <source>A model named %1 is here already. Remove it first, or rename the folder.</source>
        <translation>已有名为 %1 的模型。请先删除它，或重命名文件夹。</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::ReviewDesk</name>
    <message>
        <source>The saved views are out of reach. %1</source>
        <translation>无法读取已保存的视图。%1</translation>
    </message>
    <message>
        <source>Some saved views are damaged and cannot be read (%1). Their file was kept as %2.</source>
        <translation>部分已保存的视图已损坏，无法读取（%1）。原文件保留为 %2。</translation>
    </message>
    <message>
        <source>The saved views could not be changed. %1</source>
        <translation>无法更改已保存的视图。%1</translation>
    </message>
    <message>
        <source>Good pictures: %1, bad: %2; held out to measure with: %3; questions with answers: %4.</source>
        <translation>合格图片：%1，不合格：%2；留作测量：%3；问答：%4。</translation>
    </message>
    <message>
        <source>Answers: %1.</source>
        <translation>回答：%1。</translation>
    </message>
</context>
<context>
    <name>auroraedge::app::StatisticsDesk</name>
    <message>
        <source>Written to %1</source>
        <translation>已写入 %1</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AboutPanel</name>
    <message>
        <source>Asks a vision-language model on this computer about what a camera sees. Pictures and answers stay on this computer.</source>
        <translation>用本机上的视觉语言模型回答关于相机画面的问题。图片和回答都只保存在本机。</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Ask about the picture on the screen; with an empty field: the last question again</source>
        <translation>就屏幕上的图片提问；输入框为空时重复上一个问题</translation>
    </message>
    <message>
        <source>F1 to F8</source>
        <translation>F1 至 F8</translation>
    </message>
    <message>
        <source>Preset question</source>
        <translation>预设问题</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>Freeze the picture, and go live again</source>
        <translation>冻结画面，再按恢复实时</translation>
    </message>
    <message>
        <source>/</source>
        <translation>/</translation>
    </message>
    <message>
        <source>Go to the question field; Up and Down step through earlier questions</source>
        <translation>跳到问题输入框；上下键翻阅以前的问题</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Home、End</translation>
    </message>
    <message>
        <source>Whole picture, one sensor pixel on one screen pixel</source>
        <translation>显示整幅图片；一个传感器像素对应一个屏幕像素</translation>
    </message>
    <message>
        <source>+ and -, arrows</source>
        <translation>+ 和 -、方向键</translation>
    </message>
    <message>
        <source>Zoom and move the picture</source>
        <translation>缩放和移动图片</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>使用的软件</translation>
    </message>
    <message>
        <source>public domain</source>
        <translation>公有领域</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Go back, or cancel the running question</source>
        <translation>返回，或取消正在回答的问题</translation>
    </message>
    <message>
        <source>Enter, O</source>
        <translation>回车、O</translation>
    </message>
    <message>
        <source>Confirm an NG that waits, overrule it</source>
        <translation>确认或否决等待处理的 NG</translation>
    </message>
    <message>
        <source>J, K</source>
        <translation>J、K</translation>
    </message>
    <message>
        <source>Older and newer answers, with their pictures</source>
        <translation>较早和较新的回答及其图片</translation>
    </message>
    <message>
        <source>D</source>
        <translation>D</translation>
    </message>
    <message>
        <source>Draw the part to ask about: arrows, Shift+arrows, Enter; Delete removes it</source>
        <translation>画出要提问的区域：方向键、Shift+方向键、回车；Delete 清除</translation>
    </message>
    <message>
        <source>T</source>
        <translation>T</translation>
    </message>
    <message>
        <source>Ask again and again, or on motion</source>
        <translation>反复提问，或在有运动时提问</translation>
    </message>
    <message>
        <source>Ctrl+1 to Ctrl+6</source>
        <translation>Ctrl+1 至 Ctrl+6</translation>
    </message>
    <message>
        <source>The pages, in the order of the rail</source>
        <translation>各页面，按左侧栏的顺序</translation>
    </message>
    <message>
        <source>Z</source>
        <translation>Z</translation>
    </message>
    <message>
        <source>Take back the last judgement</source>
        <translation>撤回上一次判断</translation>
    </message>
    <message>
        <source>All keys of the page</source>
        <translation>本页面的全部按键</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AnswerDelegate</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AnswerText</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::AskBar</name>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Ask about this picture</source>
        <translation>就这幅图片提问</translation>
    </message>
    <message>
        <source>Space, or Enter in the field</source>
        <translation>空格键，或在输入框中按回车</translation>
    </message>
    <message>
        <source>A question is being answered.</source>
        <translation>正在回答一个问题。</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>恢复实时</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Go back to the live picture</source>
        <translation>回到实时画面</translation>
    </message>
    <message>
        <source>Freeze the picture</source>
        <translation>冻结画面</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>There is no picture to freeze.</source>
        <translation>没有可冻结的画面。</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Draw the part to ask about</source>
        <translation>画出要提问的区域</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发</translation>
    </message>
    <message>
        <source>What asks without a person</source>
        <translation>无人操作时由什么触发提问</translation>
    </message>
    <message>
        <source>Ask again and again, or on motion (T)</source>
        <translation>反复提问，或在有运动时提问 (T)</translation>
    </message>
    <message>
        <source>Ask, or repeat: %1</source>
        <translation>提问，或重复：%1</translation>
    </message>
    <message>
        <source>Draw the part to ask about (D)</source>
        <translation>画出要提问的区域 (D)</translation>
    </message>
    <message>
        <source>There is no picture to draw on.</source>
        <translation>没有可以画区域的图片。</translation>
    </message>
    <message>
        <source>Esc cancel · F freeze · J earlier answers</source>
        <translation>Esc 取消 · F 冻结 · J 较早的回答</translation>
    </message>
    <message>
        <source>F1–F8 question · Space ask · / type · F freeze · D region · T trigger · J earlier · ? keys</source>
        <translation>F1–F8 问题 · 空格提问 · / 输入 · F 冻结 · D 区域 · T 触发 · J 更早 · ? 按键</translation>
    </message>
    <message>
        <source>ASK-02: the question has %1 characters; limit %2</source>
        <translation>ASK-02：问题有 %1 个字符；上限 %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::BatchFailureList</name>
    <message>
        <source>Failed files</source>
        <translation>失败的文件</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::BatchFailureModel</name>
    <message>
        <source>%1: %2: %3</source>
        <translation>%1：%2：%3</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::BatchForm</name>
    <message>
        <source>Pictures: a folder, a pattern or a list file</source>
        <translation>图片：文件夹、通配模式或列表文件</translation>
    </message>
    <message>
        <source>Folder, pattern as /data/*.png, or list file</source>
        <translation>文件夹、/data/*.png 之类的模式或列表文件</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Choose a folder of pictures</source>
        <translation>选择图片文件夹</translation>
    </message>
    <message>
        <source>List…</source>
        <translation>列表…</translation>
    </message>
    <message>
        <source>Choose a list file (.txt, .lst): the path of a picture on each line</source>
        <translation>选择列表文件（.txt、.lst）：每行一个图片路径</translation>
    </message>
    <message>
        <source>Folders below</source>
        <translation>含子文件夹</translation>
    </message>
    <message>
        <source>Pictures in the folders below as well</source>
        <translation>也包括子文件夹中的图片</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>Go on with pictures that arrive, until the job is paused or cancelled</source>
        <translation>继续处理新到的图片，直到任务暂停或取消</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Questions, one on each line</source>
        <translation>问题，每行一个</translation>
    </message>
    <message>
        <source>Question; several: one on each line</source>
        <translation>问题；多个问题每行一个</translation>
    </message>
    <message>
        <source>File for the answers, .jsonl or .csv</source>
        <translation>回答文件，.jsonl 或 .csv</translation>
    </message>
    <message>
        <source>File, .jsonl or .csv</source>
        <translation>文件，.jsonl 或 .csv</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Choose the file for the answers</source>
        <translation>选择回答文件</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Seconds that a new file must have been at rest</source>
        <translation>新文件须静置的秒数</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>New files rest for</source>
        <translation>新文件静置</translation>
    </message>
    <message>
        <source>Part of the list, as 2/8</source>
        <translation>列表的分片，如 2/8</translation>
    </message>
    <message>
        <source>as 2/8</source>
        <translation>如 2/8</translation>
    </message>
    <message>
        <source>Several computers share one list: this one takes the second of eight parts</source>
        <translation>多台计算机分担一个列表：本机处理八个分片中的第二个</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>分片</translation>
    </message>
    <message>
        <source>So many pictures at most</source>
        <translation>最多处理的图片数</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>最多</translation>
    </message>
    <message>
        <source>Failed ones again</source>
        <translation>重问失败的</translation>
    </message>
    <message>
        <source>Ask again about pictures that failed in an earlier run</source>
        <translation>重新询问以前失败的图片</translation>
    </message>
    <message>
        <source>Keep in the database</source>
        <translation>存入数据库</translation>
    </message>
    <message>
        <source>Answers and pictures also go to the database, where Review and Statistics find them</source>
        <translation>回答和图片同时存入数据库，供审核与统计使用</translation>
    </message>
    <message>
        <source>Earlier run</source>
        <translation>以前的运行</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Further options</source>
        <translation>更多选项</translation>
    </message>
    <message>
        <source>Dry run</source>
        <translation>试算</translation>
    </message>
    <message>
        <source>Count the pictures and estimate the time; nothing is asked</source>
        <translation>统计图片数并估计时间，不提问</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Model: the one that ships</source>
        <translation>模型：随附的模型</translation>
    </message>
    <message>
        <source>Model in use: %1</source>
        <translation>当前模型：%1</translation>
    </message>
    <message>
        <source>A watch takes everything that arrives</source>
        <translation>监视会处理所有新到的图片</translation>
    </message>
    <message>
        <source>Name a folder, a pattern or a list file.</source>
        <translation>请填写文件夹、通配模式或列表文件。</translation>
    </message>
    <message>
        <source>“%1” is asked twice.</source>
        <translation>“%1”重复了。</translation>
    </message>
    <message>
        <source>Write a question.</source>
        <translation>请填写问题。</translation>
    </message>
    <message>
        <source>Name a file for the answers.</source>
        <translation>请填写回答文件。</translation>
    </message>
    <message>
        <source>The file must end in .jsonl or in .csv.</source>
        <translation>文件名须以 .jsonl 或 .csv 结尾。</translation>
    </message>
    <message>
        <source>Write it as 2/8.</source>
        <translation>请写成 2/8 的形式。</translation>
    </message>
    <message>
        <source>Write a number.</source>
        <translation>请填写数字。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Counting the pictures …</source>
        <translation>正在统计图片…</translation>
    </message>
    <message>
        <source>Pictures: %1</source>
        <translation>图片：%1 张</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>约 %1</translation>
    </message>
    <message>
        <source>time not known before a first job</source>
        <translation>首个任务运行后才能估计时间</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>可用空间 %1</translation>
    </message>
    <message>
        <source>Choose a list file</source>
        <translation>选择列表文件</translation>
    </message>
    <message>
        <source>Lists (*.txt *.lst)</source>
        <translation>列表 (*.txt *.lst)</translation>
    </message>
    <message>
        <source>Answers (*.jsonl *.csv)</source>
        <translation>回答 (*.jsonl *.csv)</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::BatchModel</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1，写入 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1，剩余 %2</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>%1 / min</source>
        <translation>%1 张/分</translation>
    </message>
    <message>
        <source>%1 / s</source>
        <translation>%1 张/秒</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Listing</source>
        <translation>列出文件</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>写入中</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>监视中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>with failures</source>
        <translation>有失败</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::BatchPanel</name>
    <message>
        <source>Batch</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>New job</source>
        <translation>新任务</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>前移</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>后移</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Ends the job; every answer so far is kept</source>
        <translation>结束任务；已有的回答全部保留</translation>
    </message>
    <message>
        <source>%1: takes the job from the list; its files stay</source>
        <translation>%1：从列表中移除任务；文件保留</translation>
    </message>
    <message>
        <source>%1: the command line of the job, for a terminal</source>
        <translation>%1：该任务的命令行，可在终端运行</translation>
    </message>
    <message>
        <source>%1: the folder of its answers</source>
        <translation>%1：回答所在的文件夹</translation>
    </message>
    <message>
        <source>Ask them again</source>
        <translation>重新询问</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>There is no other model on this computer.</source>
        <translation>本机没有其他模型。</translation>
    </message>
    <message>
        <source>The command line of %1 is in the clipboard.</source>
        <translation>%1 的命令行已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Close form</source>
        <translation>收起表单</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>%1 at work</source>
        <translation>%1 个运行中</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <translation>%1 个等待中</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>再次运行</translation>
    </message>
    <message>
        <source>%1: asks about what is new since</source>
        <translation>%1：询问此后新增的图片</translation>
    </message>
    <message>
        <source>Failed files of %1: %2. They are listed when the job ends.</source>
        <translation>%1 的失败文件：%2 个。任务结束后列出。</translation>
    </message>
    <message>
        <source>Failed files of %1: %2</source>
        <translation>%1 的失败文件：%2 个</translation>
    </message>
    <message>
        <source>When the job has ended or is paused</source>
        <translation>任务结束或暂停后可用</translation>
    </message>
    <message>
        <source>Failed files of %1: %2, of which %3 are shown</source>
        <translation>%1 的失败文件：%2 个，显示其中 %3 个</translation>
    </message>
    <message>
        <source>Name pictures, a question and a file for the answers. Jobs run one after the other, can be stopped at any time, and go on where they were.</source>
        <translation>填写图片、问题和回答文件。任务依次运行，可随时停止，并从中断处继续。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::BatchTable</name>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::CameraSettingsCard</name>
    <message>
        <source>The camera sees to it itself.</source>
        <translation>由相机自动调节。</translation>
    </message>
    <message>
        <source>This camera has no such setting.</source>
        <translation>此相机没有这项设置。</translation>
    </message>
    <message>
        <source>The camera does not let it be changed.</source>
        <translation>相机不允许更改此项。</translation>
    </message>
    <message>
        <source>The camera did not take the value; this is what it has.</source>
        <translation>相机没有接受该值；这是它现在的值。</translation>
    </message>
    <message>
        <source>Camera settings</source>
        <translation>相机设置</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>白平衡</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>对焦</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>%1 automatic</source>
        <translation>%1自动</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ChartCard</name>
    <message>
        <source>Save this chart</source>
        <translation>保存此图表</translation>
    </message>
    <message>
        <source>Counting</source>
        <translation>正在统计</translation>
    </message>
    <message>
        <source>Save the chart %1</source>
        <translation>保存图表“%1”</translation>
    </message>
    <message>
        <source>Not counted yet.</source>
        <translation>尚未统计。</translation>
    </message>
    <message>
        <source>Nothing to show in this span of time.</source>
        <translation>此时间段内没有可显示的内容。</translation>
    </message>
    <message>
        <source>There is no chart to save yet.</source>
        <translation>还没有可保存的图表。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ChartSheet</name>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ControlPointsChart</name>
    <message>
        <source>NG share and its limits</source>
        <translation>NG 比例及其控制限</translation>
    </message>
    <message>
        <source>NG share %1 in all; beyond a limit: %2, in runs of eight: %3 of %4 groups</source>
        <translation>总 NG 比例 %1；超出控制限：%2，连续八点：%3，共 %4 组</translation>
    </message>
    <message>
        <source>. Few NG are expected in a group: the limits are rough.</source>
        <translation>。每组预期 NG 很少：控制限只是粗略值。</translation>
    </message>
    <message>
        <source>%1: NG %2 of %3 (%4), limits %5 to %6</source>
        <translation>%1：NG %2，共 %3（%4），控制限 %5 至 %6</translation>
    </message>
    <message>
        <source>, beyond a limit</source>
        <translation>，超出控制限</translation>
    </message>
    <message>
        <source>, in a run of eight</source>
        <translation>，属于连续八点</translation>
    </message>
    <message>
        <source>limits</source>
        <translation>控制限</translation>
    </message>
    <message>
        <source>beyond a limit</source>
        <translation>超出控制限</translation>
    </message>
    <message>
        <source>run of eight</source>
        <translation>连续八点</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::FaultBar</name>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <translation>%1  %2</translation>
    </message>
    <message>
        <source>Show the next fault</source>
        <translation>显示下一个故障</translation>
    </message>
    <message>
        <source>+%1</source>
        <translation>+%1</translation>
    </message>
    <message>
        <source>%1 more faults</source>
        <translation>另有 %1 个故障</translation>
    </message>
    <message>
        <source>It stands until it is mended.</source>
        <translation>排除之前一直显示。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::FilterBar</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Unreviewed</source>
        <translation>未审核</translation>
    </message>
    <message>
        <source>Disagree</source>
        <translation>有分歧</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>审核人</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Slower than</source>
        <translation>慢于</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Clear all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Filters that have a name</source>
        <translation>已命名的筛选</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>%1 之前</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>%1 起</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Nothing is filtered.</source>
        <translation>没有筛选。</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Verdict of the model</source>
        <translation>模型的判定</translation>
    </message>
    <message>
        <source>Give this filter a name to find it here again.</source>
        <translation>给此筛选起个名字，以便在这里再次找到它。</translation>
    </message>
    <message>
        <source>No verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Counts as</source>
        <translation>最终判定</translation>
    </message>
    <message>
        <source>Judged</source>
        <translation>人工判定</translation>
    </message>
    <message>
        <source>Both judged</source>
        <translation>两人均判定</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>已审核</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>no verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 和 %2</translation>
    </message>
    <message>
        <source>%1 %2 to %3</source>
        <translation>%1 %2 至 %3</translation>
    </message>
    <message>
        <source>%1 from %2</source>
        <translation>%1 ≥ %2</translation>
    </message>
    <message>
        <source>this shift</source>
        <translation>本班次</translation>
    </message>
    <message>
        <source>last shift</source>
        <translation>上一班次</translation>
    </message>
    <message>
        <source>last 8 hours</source>
        <translation>最近 8 小时</translation>
    </message>
    <message>
        <source>last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>无类别</translation>
    </message>
    <message>
        <source>any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Enter opens, Delete or the cross removes.</source>
        <translation>回车打开，Delete 或叉号删除。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::FilterCard</name>
    <message>
        <source>From, as 2026-03-09 06:00</source>
        <translation>起始，如 2026-03-09 06:00</translation>
    </message>
    <message>
        <source>Above so many ms</source>
        <translation>超过多少毫秒</translation>
    </message>
    <message>
        <source>Name for this filter</source>
        <translation>此筛选的名称</translation>
    </message>
    <message>
        <source>Until, as 2026-03-09 14:00</source>
        <translation>截止，如 2026-03-09 14:00</translation>
    </message>
    <message>
        <source>That is not a time. Write it as 2026-03-09 14:00.</source>
        <translation>这不是时间。请写成 2026-03-09 14:00。</translation>
    </message>
    <message>
        <source>The end lies before the start.</source>
        <translation>结束早于开始。</translation>
    </message>
    <message>
        <source>Write a whole number of milliseconds, as 250.</source>
        <translation>请写整数毫秒，如 250。</translation>
    </message>
    <message>
        <source>Another name</source>
        <translation>其他姓名</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::FilterChip</name>
    <message>
        <source>Clear %1</source>
        <translation>清除%1</translation>
    </message>
    <message>
        <source>Clear %1 (Delete)</source>
        <translation>清除%1 (Delete)</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::HistogramChart</name>
    <message>
        <source>Time of an answer</source>
        <translation>回答用时</translation>
    </message>
    <message>
        <source>%1 answers, most often between %2 and %3</source>
        <translation>%1 个回答，最常在 %2 与 %3 之间</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>All answers</source>
        <translation>全部回答</translation>
    </message>
    <message>
        <source>%1 and more</source>
        <translation>%1 及以上</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>%1, %2: %3 of %4 (%5)</source>
        <translation>%1，%2：%3，共 %4（%5）</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>0</source>
        <translation>0</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::HoursChart</name>
    <message>
        <source>Answers by hour</source>
        <translation>每小时回答数</translation>
    </message>
    <message>
        <source>%1 answers, yield %2 (OK of OK and NG)</source>
        <translation>%1 个回答，合格率 %2（OK 占 OK 与 NG 之和）</translation>
    </message>
    <message>
        <source>%1: %2 answers – %3</source>
        <translation>%1：%2 个回答 – %3</translation>
    </message>
    <message>
        <source>%1: %2 %3 of %4 (%5)</source>
        <translation>%1：%2 %3，共 %4（%5）</translation>
    </message>
    <message>
        <source>no verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>%1, failed: %2</source>
        <translation>%1，失败：%2</translation>
    </message>
    <message>
        <source>of these failed %1</source>
        <translation>其中失败 %1</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::KeyCard</name>
    <message>
        <source>page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>next part of the page</source>
        <translation>页面的下一部分</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>this card</source>
        <translation>本卡片</translation>
    </message>
    <message>
        <source>preset question</source>
        <translation>预设问题</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>ask, or ask again</source>
        <translation>提问，或再问一次</translation>
    </message>
    <message>
        <source>type a question</source>
        <translation>输入问题</translation>
    </message>
    <message>
        <source>freeze, go live</source>
        <translation>冻结、恢复实时</translation>
    </message>
    <message>
        <source>draw the part to ask about</source>
        <translation>画出要提问的区域</translation>
    </message>
    <message>
        <source>trigger</source>
        <translation>触发</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>confirm the NG</source>
        <translation>确认 NG</translation>
    </message>
    <message>
        <source>overrule the NG</source>
        <translation>否决 NG</translation>
    </message>
    <message>
        <source>reason for overruling</source>
        <translation>否决的理由</translation>
    </message>
    <message>
        <source>take the last judgement back</source>
        <translation>撤回上一次判断</translation>
    </message>
    <message>
        <source>older, newer answer</source>
        <translation>更早、更新的回答</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Home、End</translation>
    </message>
    <message>
        <source>whole picture, 100 %</source>
        <translation>整幅图片、100 %</translation>
    </message>
    <message>
        <source>agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>it is OK, NG, UNSURE</source>
        <translation>判为 OK、NG、UNSURE</translation>
    </message>
    <message>
        <source>NG with a class</source>
        <translation>NG 并注明类别</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>hold, release</source>
        <translation>保留、解除保留</translation>
    </message>
    <message>
        <source>tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>next, previous</source>
        <translation>下一个、上一个</translation>
    </message>
    <message>
        <source>agree with all that are shown</source>
        <translation>同意所有显示的</translation>
    </message>
    <message>
        <source>leave this one out</source>
        <translation>略过这一个</translation>
    </message>
    <message>
        <source>who judges</source>
        <translation>由谁判断</translation>
    </message>
    <message>
        <source>large picture</source>
        <translation>大图</translation>
    </message>
    <message>
        <source>compare two</source>
        <translation>比较两个</translation>
    </message>
    <message>
        <source>export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>try again what was not stored</source>
        <translation>重试未保存的</translation>
    </message>
    <message>
        <source>find words</source>
        <translation>查找文字</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keys of the page %1</source>
        <translation>“%1”页面的按键</translation>
    </message>
    <message>
        <source>Ctrl+1–6</source>
        <translation>Ctrl+1–6</translation>
    </message>
    <message>
        <source>F1–F8</source>
        <translation>F1–F8</translation>
    </message>
    <message>
        <source>1–5</source>
        <translation>1–5</translation>
    </message>
    <message>
        <source>1–9</source>
        <translation>1–9</translation>
    </message>
    <message>
        <source>show new answers</source>
        <translation>显示新回答</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::LatencyCard</name>
    <message>
        <source>Time of each stage</source>
        <translation>各阶段用时</translation>
    </message>
    <message>
        <source>picture features reused</source>
        <translation>复用了图片特征</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Encode</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Compress</source>
        <translation>压缩</translation>
    </message>
    <message>
        <source>Fuse</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Each stage of the next answer is shown here in milliseconds.</source>
        <translation>下一个回答的各阶段用时将以毫秒显示在这里。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::LiveCorner</name>
    <message>
        <source>Back to the live picture</source>
        <translation>回到实时画面</translation>
    </message>
    <message>
        <source>Back to the live picture (Esc)</source>
        <translation>回到实时画面 (Esc)</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>实时</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::LivePanel</name>
    <message>
        <source>Type a question first.</source>
        <translation>请先输入问题。</translation>
    </message>
    <message>
        <source>A question is being answered.</source>
        <translation>正在回答一个问题。</translation>
    </message>
    <message>
        <source>No model is loaded: open the Models page.</source>
        <translation>没有加载模型：请打开“模型”页。</translation>
    </message>
    <message>
        <source>The model is loading. The picture can be watched meanwhile.</source>
        <translation>正在加载模型，期间可以观看画面。</translation>
    </message>
    <message>
        <source>The model could not be loaded: open the Models page.</source>
        <translation>模型无法加载：请打开“模型”页。</translation>
    </message>
    <message>
        <source>Choose a picture source first.</source>
        <translation>请先选择图像源。</translation>
    </message>
    <message>
        <source>There is no picture to ask about yet.</source>
        <translation>还没有可提问的图片。</translation>
    </message>
    <message>
        <source>The source gives no picture; an old one gets no answer.</source>
        <translation>图像源没有画面；旧图片不予回答。</translation>
    </message>
    <message>
        <source>1–5 reason · Esc back</source>
        <translation>1–5 原因 · Esc 返回</translation>
    </message>
    <message>
        <source>Drag, or arrows move · Shift+arrows size · Enter use · Delete whole · Esc leave</source>
        <translation>拖动，或方向键移动 · Shift+方向键 大小 · 回车 使用 · Delete 整幅图片 · Esc 离开</translation>
    </message>
    <message>
        <source>Enter confirm NG · O overrule · J older · K newer · F1–F8 ask live · Esc live picture</source>
        <translation>回车 确认 NG · O 否决 · J 较早 · K 较新 · F1–F8 实时提问 · Esc 实时画面</translation>
    </message>
    <message>
        <source>J older · K newer · F1–F8 ask live · Home whole · End 100 % · Esc live picture</source>
        <translation>J 较早 · K 较新 · F1–F8 实时提问 · Home 整幅 · End 100 % · Esc 实时画面</translation>
    </message>
    <message>
        <source>Enter confirm NG · O overrule · F1–F8 question · Space ask · / type · F freeze</source>
        <translation>回车 确认 NG · O 否决 · F1–F8 问题 · 空格 提问 · / 输入 · F 冻结</translation>
    </message>
    <message>
        <source>This is another NG than a moment ago: look, then judge</source>
        <translation>这是另一个 NG，不是刚才那个：先看，再判断</translation>
    </message>
    <message>
        <source>+%1 more
in Review</source>
        <translation>审核页
另有 %1 个</translation>
    </message>
    <message>
        <source>There is no judgement to take back.</source>
        <translation>没有可撤回的判断。</translation>
    </message>
    <message>
        <source>The judgement is still being stored.</source>
        <translation>判断仍在保存。</translation>
    </message>
    <message>
        <source>The picture stands perfectly still, as if the camera hung: no answer until it changes.</source>
        <translation>画面完全静止，像是相机卡住了：画面变化之前不作回答。</translation>
    </message>
    <message>
        <source>The trigger was switched off: its question is not among the presets any more.</source>
        <translation>触发已关闭：其问题已不在预设问题中。</translation>
    </message>
    <message>
        <source>Nothing is asked without a person until a trigger is chosen again.</source>
        <translation>在重新选择触发之前，不会自动提问。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::MainWindow</name>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>审核</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批处理</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::MatrixChart</name>
    <message>
        <source>Machine and people</source>
        <translation>机器与人</translation>
    </message>
    <message>
        <source>machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>people</source>
        <translation>人</translation>
    </message>
    <message>
        <source>%1 judged by people, alike in %2; missed NG: %3, false alarms: %4</source>
        <translation>人工判定 %1 个，一致 %2；漏检 NG：%3，误报：%4</translation>
    </message>
    <message>
        <source>missed</source>
        <translation>漏检</translation>
    </message>
    <message>
        <source>false alarm</source>
        <translation>误报</translation>
    </message>
    <message>
        <source>machine %1, people %2: %3, %4 of this row</source>
        <translation>机器 %1，人 %2：%3，占本行 %4</translation>
    </message>
    <message>
        <source>Agreement of reviewers</source>
        <translation>审核人一致性</translation>
    </message>
    <message>
        <source>%1 and %2: kappa %3, judged alike %4 (%5 of %6)</source>
        <translation>%1 与 %2：kappa %3，判定一致 %4（%5，共 %6）</translation>
    </message>
    <message>
        <source>%1 M</source>
        <translation>%1 百万</translation>
    </message>
    <message>
        <source>%1 k</source>
        <translation>%1 千</translation>
    </message>
    <message>
        <source>Kappa (1 alike, 0 chance) of so many answers that both judged. Lowest: %1 and %2 with %3</source>
        <translation>共同判定的回答的 Kappa（1 一致，0 随机）。最低：%1 与 %2，%3</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ModelPanel</name>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>Open model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>取消加载</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Open a model folder to start.</source>
        <translation>打开一个模型文件夹以开始。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>A model is being loaded.</source>
        <translation>正在加载模型。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Memory for weights</source>
        <translation>权重占用内存</translation>
    </message>
    <message>
        <source>Load time</source>
        <translation>加载用时</translation>
    </message>
    <message>
        <source>Picture tokens</source>
        <translation>图片词元</translation>
    </message>
    <message>
        <source>Longest question</source>
        <translation>最长问题</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>all are as they should be</source>
        <translation>全部完好</translation>
    </message>
    <message>
        <source>altered or missing: %1</source>
        <translation>被改动或缺失：%1</translation>
    </message>
    <message>
        <source>there is no SHA256SUMS to compare with</source>
        <translation>没有可供比对的 SHA256SUMS</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>尚未测速</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Folder of a model to bring in</source>
        <translation>要导入的模型文件夹</translation>
    </message>
    <message>
        <source>Folder to import</source>
        <translation>要导入的文件夹</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>auto device</source>
        <translation>自动设备</translation>
    </message>
    <message>
        <source>auto precision</source>
        <translation>自动精度</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation>测速</translation>
    </message>
    <message>
        <source>Check files</source>
        <translation>检查文件</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Selected model</source>
        <translation>所选模型</translation>
    </message>
    <message>
        <source>Importing the model</source>
        <translation>正在导入模型</translation>
    </message>
    <message>
        <source>Checking the files</source>
        <translation>正在检查文件</translation>
    </message>
    <message>
        <source>Measuring the speed</source>
        <translation>正在测速</translation>
    </message>
    <message>
        <source>Free memory %1</source>
        <translation>可用内存 %1</translation>
    </message>
    <message>
        <source>Choose a model and load it.</source>
        <translation>请选择模型并加载。</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>在磁盘上</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>需要</translation>
    </message>
    <message>
        <source>%1 of memory, more than the %2 that are free</source>
        <translation>%1 内存，超过可用的 %2</translation>
    </message>
    <message>
        <source>%1 of memory</source>
        <translation>%1 内存</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Speed here</source>
        <translation>本机速度</translation>
    </message>
    <message>
        <source>Something is being done already.</source>
        <translation>正在进行另一项操作。</translation>
    </message>
    <message>
        <source>Unload the model first.</source>
        <translation>请先卸载模型。</translation>
    </message>
    <message>
        <source>Remove for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Vision</source>
        <translation>视觉</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>Projector</source>
        <translation>投影层</translation>
    </message>
    <message>
        <source>Compressor</source>
        <translation>压缩器</translation>
    </message>
    <message>
        <source>Fusion</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>Patch head</source>
        <translation>图块头</translation>
    </message>
    <message>
        <source>%1 an answer, 95 % below %2, on %3 in %4 (%5 answers, %6)</source>
        <translation>每个回答 %1，95 % 低于 %2，%3，%4（%5 个回答，%6）</translation>
    </message>
    <message>
        <source>No GPU was found in this computer.</source>
        <translation>本机没有找到 GPU。</translation>
    </message>
    <message>
        <source>%1 of GPU memory; how much of it is free is not known</source>
        <translation>%1 GPU 内存；可用多少未知</translation>
    </message>
    <message>
        <source>Memory in %1</source>
        <translation>内存（%1）</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ModelRow</name>
    <message>
        <source>%1 billion</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation>%1 M</translation>
    </message>
    <message>
        <source>not readable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>on disk</source>
        <translation>在磁盘上</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>files were altered</source>
        <translation>文件被改动过</translation>
    </message>
    <message>
        <source>%1 on %2 %3</source>
        <translation>%1（%2 %3）</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::MotionMeter</name>
    <message>
        <source>Motion</source>
        <translation>运动</translation>
    </message>
    <message>
        <source>%1, a part from %2</source>
        <translation>%1，从 %2 起算作零件</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::NavigationRail</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::NetworkCameraCard</name>
    <message>
        <source>Network camera</source>
        <translation>网络相机</translation>
    </message>
    <message>
        <source>Address, such as rtsp://camera.local/stream</source>
        <translation>地址，例如 rtsp://camera.local/stream</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Name in the list</source>
        <translation>列表中的名称</translation>
    </message>
    <message>
        <source>TCP</source>
        <translation>TCP</translation>
    </message>
    <message>
        <source>Sent by TCP: nothing is lost on the way</source>
        <translation>用 TCP 传送：途中不会丢失</translation>
    </message>
    <message>
        <source>UDP</source>
        <translation>UDP</translation>
    </message>
    <message>
        <source>Sent by UDP: quicker in a good network</source>
        <translation>用 UDP 传送：网络良好时更快</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Wait up to %1 seconds for the first picture</source>
        <translation>最多等待 %1 秒取得第一幅画面</translation>
    </message>
    <message>
        <source>Picture of the test</source>
        <translation>测试画面</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Save and open</source>
        <translation>保存并打开</translation>
    </message>
    <message>
        <source>Login and password are kept on this station only, encrypted, in a file that no other user may read. Whoever may read all files of this user could still decrypt them.</source>
        <translation>登录名和密码只加密保存在本机，其他用户无法读取该文件。能读取此用户全部文件的人仍可将其解密。</translation>
    </message>
    <message>
        <source>Stop the test</source>
        <translation>停止测试</translation>
    </message>
    <message>
        <source>Test the camera before it is saved.</source>
        <translation>保存前请先测试相机。</translation>
    </message>
    <message>
        <source>Waiting for a picture …</source>
        <translation>正在等待画面…</translation>
    </message>
    <message>
        <source>It works: %1 x %2, %3 fps</source>
        <translation>工作正常：%1 x %2，%3 帧/秒</translation>
    </message>
    <message>
        <source>Keeping the camera and its login …</source>
        <translation>正在保存相机及其登录信息…</translation>
    </message>
    <message>
        <source>An address looks like rtsp://camera.local/stream</source>
        <translation>地址形如 rtsp://camera.local/stream</translation>
    </message>
    <message>
        <source>Edit network camera</source>
        <translation>编辑网络相机</translation>
    </message>
    <message>
        <source>Password is kept; type to change it</source>
        <translation>密码已保存；输入即可更改</translation>
    </message>
    <message>
        <source>Type the password again: the address leads to another camera.</source>
        <translation>请重新输入密码：该地址指向另一台相机。</translation>
    </message>
    <message>
        <source>Time-out</source>
        <translation>超时</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ParetoChart</name>
    <message>
        <source>Defects</source>
        <translation>缺陷</translation>
    </message>
    <message>
        <source>%1 defects found by people; most often: %2 (%3)</source>
        <translation>人工发现 %1 个缺陷；最多的是：%2（%3）</translation>
    </message>
    <message>
        <source>%1: %2 (%3), with those above %4</source>
        <translation>%1：%2（%3），累计 %4</translation>
    </message>
    <message>
        <source>count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>累计</translation>
    </message>
    <message>
        <source>%1. Not drawn: %2 more classes with %3</source>
        <translation>%1。未画出：另有 %2 类，共 %3 个</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>无类别</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::PictureView</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>还没有图片</translation>
    </message>
    <message>
        <source>Choose a camera, a file or the simulated line.</source>
        <translation>请选择相机、文件或模拟产线。</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>Camera lost</source>
        <translation>相机断开</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>Waiting for the first picture</source>
        <translation>等待第一幅图片</translation>
    </message>
    <message>
        <source>The recording has ended</source>
        <translation>录像已结束</translation>
    </message>
    <message>
        <source>SIMULATION</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>FROZEN</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>FROZEN %1 s</source>
        <translation>已冻结 %1 秒</translation>
    </message>
    <message>
        <source>age %1</source>
        <translation>延迟 %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>%1 × %2 px</source>
        <translation>%1 × %2 像素</translation>
    </message>
    <message>
        <source>STANDS STILL</source>
        <translation>画面静止</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::PresetButton</name>
    <message>
        <source>%1, key %2</source>
        <translation>%1，按键 %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::RecentStrip</name>
    <message>
        <source>Last answers</source>
        <translation>最近的回答</translation>
    </message>
    <message>
        <source>The last answers are kept here, with their pictures.</source>
        <translation>最近的回答及其图片保存在这里。</translation>
    </message>
    <message>
        <source>to review</source>
        <translation>待审</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>overruled</source>
        <translation>已否决</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::RegionBar</name>
    <message>
        <source>Use region</source>
        <translation>使用区域</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>整幅图片</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ResultCard</name>
    <message>
        <source>Preparing the picture</source>
        <translation>准备图片</translation>
    </message>
    <message>
        <source>Looking at the picture</source>
        <translation>查看图片</translation>
    </message>
    <message>
        <source>Joining picture and question</source>
        <translation>结合图片与问题</translation>
    </message>
    <message>
        <source>Reading the question</source>
        <translation>阅读问题</translation>
    </message>
    <message>
        <source>Writing the answer</source>
        <translation>书写回答</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>No answer yet</source>
        <translation>还没有回答</translation>
    </message>
    <message>
        <source>Press a preset question, or type one and press Ask. The answer appears here with its picture.</source>
        <translation>按一个预设问题，或输入问题后按“提问”。回答将连同图片显示在这里。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>Waiting for the engine</source>
        <translation>等待引擎</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>Answer of %1</source>
        <translation>%1 的回答</translation>
    </message>
    <message>
        <source>Answer of %1, cut at the length limit</source>
        <translation>%1 的回答，因长度限制被截断</translation>
    </message>
    <message>
        <source>Earlier answer, %1</source>
        <translation>较早的回答，%1</translation>
    </message>
    <message>
        <source>%1, about this earlier picture</source>
        <translation>%1，关于这幅较早的图片</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Probability %1</source>
        <translation>概率 %1</translation>
    </message>
    <message>
        <source>Expected: %1</source>
        <translation>期望：%1</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>没有回答</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>earlier picture</source>
        <translation>较早的图片</translation>
    </message>
    <message>
        <source>earlier picture · %1</source>
        <translation>较早的图片 · %1</translation>
    </message>
    <message>
        <source>Storing the answer</source>
        <translation>正在保存回答</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewBar</name>
    <message>
        <source>Part is good</source>
        <translation>零件合格</translation>
    </message>
    <message>
        <source>Reflection or dirt</source>
        <translation>反光或脏污</translation>
    </message>
    <message>
        <source>Wrong part in view</source>
        <translation>画面中零件不对</translation>
    </message>
    <message>
        <source>Picture is bad</source>
        <translation>图片质量差</translation>
    </message>
    <message>
        <source>Good, other reason</source>
        <translation>合格，其他原因</translation>
    </message>
    <message>
        <source>Confirm NG</source>
        <translation>确认 NG</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Overrule</source>
        <translation>否决</translation>
    </message>
    <message>
        <source>O</source>
        <translation>O</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Records %1</source>
        <translation>记录为 %1</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Overruled to %1</source>
        <translation>已改判为 %1</translation>
    </message>
    <message>
        <source>Storing the review</source>
        <translation>正在保存审核</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewExportBar</name>
    <message numerus="yes">
        <source>about %n s left</source>
        <translation>
            <numerusform>约剩 %n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>约剩 %n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Folder of the export</source>
        <translation>导出文件夹</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>A table for a spreadsheet</source>
        <translation>供电子表格使用的表</translation>
    </message>
    <message>
        <source>JSONL</source>
        <translation>JSONL</translation>
    </message>
    <message>
        <source>A line of JSON for each answer</source>
        <translation>每个回答一行 JSON</translation>
    </message>
    <message>
        <source>Training set</source>
        <translation>训练集</translation>
    </message>
    <message>
        <source>Pictures and right answers of what people have judged, for fine-tuning</source>
        <translation>经人工判定的图片和正确答案，用于微调</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Folder: %1</source>
        <translation>文件夹：%1</translation>
    </message>
    <message>
        <source>Empty: %1</source>
        <translation>留空：%1</translation>
    </message>
    <message>
        <source>Export all that is found, as</source>
        <translation>将找到的全部内容导出为</translation>
    </message>
    <message>
        <source>Export all %1 that are found, as</source>
        <translation>将找到的 %1 个全部导出为</translation>
    </message>
    <message>
        <source>Exporting: %1</source>
        <translation>正在导出：%1</translation>
    </message>
    <message>
        <source>Exporting: %1 of %2</source>
        <translation>正在导出：%1 / %2</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>已写入 %1</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>Not exported: %1</source>
        <translation>未导出：%1</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was written.</source>
        <translation>已取消，未写入任何内容。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewFacts</name>
    <message>
        <source>What is known of this answer</source>
        <translation>此回答的信息</translation>
    </message>
    <message>
        <source>What people said</source>
        <translation>人工意见</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>O</source>
        <translation>O</translation>
    </message>
    <message>
        <source>N</source>
        <translation>N</translation>
    </message>
    <message>
        <source>U</source>
        <translation>U</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>M</source>
        <translation>M</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Z</source>
        <translation>Z</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>P</source>
        <translation>P</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>C</source>
        <translation>C</translation>
    </message>
    <message>
        <source>no verdict</source>
        <translation>无判定</translation>
    </message>
    <message>
        <source>Model: %1 · %2</source>
        <translation>模型：%1 · %2</translation>
    </message>
    <message>
        <source>Model: failed (%1)</source>
        <translation>模型：失败（%1）</translation>
    </message>
    <message>
        <source>Storing the decision</source>
        <translation>正在保存决定</translation>
    </message>
    <message>
        <source>The last decision was not stored. R tries again.</source>
        <translation>上一个决定未能保存。按 R 重试。</translation>
    </message>
    <message>
        <source>Person: %1</source>
        <translation>人工：%1</translation>
    </message>
    <message>
        <source>No person has judged it yet.</source>
        <translation>还没有人判定。</translation>
    </message>
    <message>
        <source>%1 · “%2”</source>
        <translation>%1 ·“%2”</translation>
    </message>
    <message>
        <source>taken back: %1</source>
        <translation>已撤回：%1</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>H</source>
        <translation>H</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>T</source>
        <translation>T</translation>
    </message>
    <message>
        <source>Held: its picture stays until it is released</source>
        <translation>已保留：解除前图片不会删除</translation>
    </message>
    <message>
        <source>Tags: %1</source>
        <translation>标签：%1</translation>
    </message>
    <message>
        <source>Picture removed by retention on %1</source>
        <translation>图片已按保留策略于 %1 删除</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>解除保留</translation>
    </message>
    <message>
        <source>Note of %1: %2</source>
        <translation>%1 的备注：%2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewGrid</name>
    <message>
        <source>storing</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>not stored</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>to review</source>
        <translation>待审</translation>
    </message>
    <message>
        <source>agreed</source>
        <translation>已同意</translation>
    </message>
    <message>
        <source>now %1</source>
        <translation>现为 %1</translation>
    </message>
    <message>
        <source>disagree</source>
        <translation>有分歧</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewPanel</name>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Words to find</source>
        <translation>要查找的词</translation>
    </message>
    <message>
        <source>Find words ( / )</source>
        <translation>查找词语 ( / )</translation>
    </message>
    <message>
        <source>S</source>
        <translation>S</translation>
    </message>
    <message>
        <source>Small pictures</source>
        <translation>小图</translation>
    </message>
    <message>
        <source>M</source>
        <translation>M</translation>
    </message>
    <message>
        <source>Pictures of middle size</source>
        <translation>中图</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Large pictures</source>
        <translation>大图</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>自动前进</translation>
    </message>
    <message>
        <source>Goes on to the next one after each decision</source>
        <translation>每次决定后自动转到下一个</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>R</source>
        <translation>R</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Note: Enter stores it, Esc leaves it</source>
        <translation>备注：回车保存，Esc 放弃</translation>
    </message>
    <message>
        <source>Picture to compare with</source>
        <translation>用于对比的图片</translation>
    </message>
    <message>
        <source>Picture of this answer</source>
        <translation>此回答的图片</translation>
    </message>
    <message>
        <source>Pictures before and after it</source>
        <translation>前后的图片</translation>
    </message>
    <message>
        <source>There is no verdict to agree with: press O, N or U.</source>
        <translation>没有可同意的判定：请按 O、N 或 U。</translation>
    </message>
    <message>
        <source>Nothing in view is left to agree with.</source>
        <translation>可见范围内没有待同意的回答。</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>没有可撤回的内容。</translation>
    </message>
    <message>
        <source>The answers could not be read: %1</source>
        <translation>无法读取回答：%1</translation>
    </message>
    <message>
        <source>There is no second picture to compare with.</source>
        <translation>没有第二幅图片可对比。</translation>
    </message>
    <message>
        <source>Looking for answers</source>
        <translation>正在查找回答</translation>
    </message>
    <message>
        <source>%1 shown, counting</source>
        <translation>已显示 %1，正在计数</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>left %1</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Nothing has been answered yet</source>
        <translation>还没有任何回答</translation>
    </message>
    <message>
        <source>Each answer is kept here with its picture, to be looked at and judged.</source>
        <translation>每个回答连同图片都保存在这里，供查看和判定。</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>Clear a part of the filter to see more.</source>
        <translation>清除部分筛选以显示更多。</translation>
    </message>
    <message>
        <source>Enter stores the note · Esc leaves it</source>
        <translation>回车保存备注 · Esc 放弃</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>What is found, as a file (E)</source>
        <translation>将找到的内容存为文件（E）</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags, with commas between them: Enter sets them, empty removes them</source>
        <translation>标签，用逗号分隔：按回车设置，留空则删除</translation>
    </message>
    <message>
        <source>The answers could not be read</source>
        <translation>无法读取回答</translation>
    </message>
    <message>
        <source>R tries again.</source>
        <translation>按 R 重试。</translation>
    </message>
    <message>
        <source>Enter sets the tags · Esc leaves them</source>
        <translation>回车设置标签 · Esc 放弃</translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>您：%1</translation>
    </message>
    <message>
        <source>What is decided here is signed by %1. Press, or W, when somebody else judges.</source>
        <translation>此处的决定由 %1 署名。换人审核时请按此处或 W。</translation>
    </message>
    <message>
        <source>Who judges</source>
        <translation>由谁审核</translation>
    </message>
    <message numerus="yes">
        <source>%n not accepted: picture not shown.</source>
        <translation>
            <numerusform>%n 个未接受：图片未显示。</numerusform>
        </translation>
    </message>
    <message>
        <source>What was decided is stored, but not shown: %1</source>
        <translation>决定已保存，但无法显示：%1</translation>
    </message>
    <message>
        <source>Decisions not stored: %1. %2</source>
        <translation>%1 个决定未保存。%2</translation>
    </message>
    <message>
        <source>/ find · ? keys</source>
        <translation>/ 查找 · ? 按键</translation>
    </message>
    <message>
        <source>A agree · O ok · N ng · U unsure · 1–9 class · Enter agree with %1 in view · X leave out · M note · Z undo · J K next, back · P large · / find · ? keys</source>
        <translation>A 同意 · O 合格 · N 不合格 · U 不确定 · 1–9 类别 · 回车 同意可见的 %1 个 · X 排除 · M 备注 · Z 撤销 · J K 后、前 · P 放大 · / 查找 · ? 按键</translation>
    </message>
    <message>
        <source>A agree · O ok · N ng · U unsure · 1–9 class · M note · Z undo · J K next, back · + − zoom · C compare · Esc back · ? keys</source>
        <translation>A 同意 · O 合格 · N 不合格 · U 不确定 · 1–9 类别 · M 备注 · Z 撤销 · J K 后、前 · + − 缩放 · C 对比 · Esc 返回 · ? 按键</translation>
    </message>
    <message>
        <source>What is taken back is not among the answers that are shown.</source>
        <translation>撤回的内容不在当前显示的答案之中。</translation>
    </message>
    <message>
        <source>Shows them; your place stays (F5)</source>
        <translation>显示这些回答，当前位置不变（F5）</translation>
    </message>
    <message>
        <source>New answers: %1</source>
        <translation>新回答：%1</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ReviewPicture</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Loading the picture</source>
        <translation>正在读取图片</translation>
    </message>
    <message>
        <source>The picture is missing or altered</source>
        <translation>图片缺失或被改动过</translation>
    </message>
    <message>
        <source>What was answered is still in the database.</source>
        <translation>回答内容仍在数据库中。</translation>
    </message>
    <message>
        <source>The picture was removed by retention</source>
        <translation>图片已按保留策略删除</translation>
    </message>
    <message>
        <source>On %1. What was answered is still in the database.</source>
        <translation>删除日期：%1。回答仍在数据库中。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::ShiftCard</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 M</source>
        <translation>%1 百万</translation>
    </message>
    <message>
        <source>Counters</source>
        <translation>计数</translation>
    </message>
    <message>
        <source>total</source>
        <translation>总数</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>yield</source>
        <translation>合格率</translation>
    </message>
    <message>
        <source>last hour</source>
        <translation>近一小时</translation>
    </message>
    <message>
        <source>since</source>
        <translation>起始</translation>
    </message>
    <message>
        <source>Reset the counters</source>
        <translation>计数清零</translation>
    </message>
    <message>
        <source>Count from zero again? Stored answers stay.</source>
        <translation>从零重新计数？已保存的回答不受影响。</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>清零</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>start</source>
        <translation>最初</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::SourceChooser</name>
    <message>
        <source>Choose a picture source</source>
        <translation>选择图像源</translation>
    </message>
    <message>
        <source>Picture source</source>
        <translation>图像源</translation>
    </message>
    <message>
        <source>Simulated line</source>
        <translation>模拟产线</translation>
    </message>
    <message>
        <source>Recorded bottles on a belt; needs no camera</source>
        <translation>传送带上瓶子的录像；不需要相机</translation>
    </message>
    <message>
        <source>Video or picture file</source>
        <translation>视频或图片文件</translation>
    </message>
    <message>
        <source>Played at its own pace</source>
        <translation>按原速播放</translation>
    </message>
    <message>
        <source>Folder of pictures</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>One picture after the other</source>
        <translation>逐幅显示</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>网络相机</translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation>打开视频或图片</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>打开图片文件夹</translation>
    </message>
    <message>
        <source>RTSP or HTTP: test it and save it</source>
        <translation>RTSP 或 HTTP：测试并保存</translation>
    </message>
    <message>
        <source>Camera settings</source>
        <translation>相机设置</translation>
    </message>
    <message>
        <source>Exposure, white balance, focus, gain</source>
        <translation>曝光、白平衡、对焦、增益</translation>
    </message>
    <message>
        <source>Remove %1 and its password</source>
        <translation>删除 %1 及其密码</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>编辑 %1</translation>
    </message>
    <message>
        <source>Remove %1 and its password?</source>
        <translation>删除 %1 及其密码？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Videos and pictures (*.mp4 *.avi *.mkv *.mov *.jpg *.jpeg *.png *.bmp)</source>
        <translation>视频和图片 (*.mp4 *.avi *.mkv *.mov *.jpg *.jpeg *.png *.bmp)</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::SpreadChart</name>
    <message>
        <source>Time of each stage</source>
        <translation>各阶段用时</translation>
    </message>
    <message>
        <source>by model</source>
        <translation>按模型</translation>
    </message>
    <message>
        <source>by device</source>
        <translation>按设备</translation>
    </message>
    <message>
        <source>Time by model and device</source>
        <translation>按模型和设备的用时</translation>
    </message>
    <message>
        <source>%1: half below %2, 95 % below %3</source>
        <translation>%1：一半低于 %2，95 % 低于 %3</translation>
    </message>
    <message>
        <source>%1: half below %2, 95 % below %3, 99 % below %4, longest %5, %6 answers</source>
        <translation>%1：一半低于 %2，95 % 低于 %3，99 % 低于 %4，最长 %5，%6 个回答</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>%1; opens the slowest %2</source>
        <translation>%1；打开最慢的 %2 个</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::StatisticsPanel</name>
    <message>
        <source>8 h</source>
        <translation>8 小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>From – until</source>
        <translation>起止</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>%1 起</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>%1 之前</translation>
    </message>
    <message>
        <source>any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Show 30 days</source>
        <translation>显示 30 天</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Count again</source>
        <translation>重新统计</translation>
    </message>
    <message>
        <source>Save or report</source>
        <translation>保存或报告</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Reviewed only</source>
        <translation>仅已审核</translation>
    </message>
    <message>
        <source>Report PDF</source>
        <translation>PDF 报告</translation>
    </message>
    <message>
        <source>Report HTML</source>
        <translation>HTML 报告</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>A field left empty is open. Enter takes both.</source>
        <translation>留空表示不限。回车确认两者。</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Save the page, or report the shift, as</source>
        <translation>将本页保存或生成班次报告为</translation>
    </message>
    <message>
        <source>Save “%1” as</source>
        <translation>将“%1”保存为</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Counting</source>
        <translation>正在统计</translation>
    </message>
    <message>
        <source>Not counted yet</source>
        <translation>尚未统计</translation>
    </message>
    <message>
        <source>As of %1</source>
        <translation>截至 %1</translation>
    </message>
    <message>
        <source>There is nothing to save yet.</source>
        <translation>还没有可保存的内容。</translation>
    </message>
    <message>
        <source>There is no answer that fits: %1.</source>
        <translation>没有符合的回答：%1。</translation>
    </message>
    <message>
        <source>Shift report</source>
        <translation>班次报告</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Counted</source>
        <translation>统计范围</translation>
    </message>
    <message>
        <source>only what people have reviewed</source>
        <translation>仅人工审核过的</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>截至</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Of these</source>
        <translation>其中</translation>
    </message>
    <message>
        <source>Yield</source>
        <translation>合格率</translation>
    </message>
    <message>
        <source>%1 (OK of OK and NG)</source>
        <translation>%1（OK 占 OK 与 NG 之和）</translation>
    </message>
    <message>
        <source>Time of an answer</source>
        <translation>回答用时</translation>
    </message>
    <message>
        <source>half below %1, 95 % below %2, longest %3</source>
        <translation>一半低于 %1，95 % 低于 %2，最长 %3</translation>
    </message>
    <message>
        <source>OK %1, NG %2, UNSURE %3, no verdict %4</source>
        <translation>OK %1，NG %2，UNSURE %3，无判定 %4</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>This shift</source>
        <translation>本班次</translation>
    </message>
    <message>
        <source>Last shift</source>
        <translation>上一班次</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::StatusStrip</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Frames that a newer one replaced before they were used: the live picture never falls behind.</source>
        <translation>在使用前被更新的帧取代的帧数：实时画面从不滞后。</translation>
    </message>
    <message>
        <source>%1 fps</source>
        <translation>%1 帧/秒</translation>
    </message>
    <message>
        <source>– fps</source>
        <translation>– 帧/秒</translation>
    </message>
    <message>
        <source>%1 frames replaced</source>
        <translation>已取代 %1 帧</translation>
    </message>
    <message>
        <source>%1 answers stored, %2 waiting</source>
        <translation>已保存 %1 个回答，%2 个等待</translation>
    </message>
    <message>
        <source>%1 answers stored</source>
        <translation>已保存 %1 个回答</translation>
    </message>
    <message>
        <source>age %1</source>
        <translation>延迟 %1</translation>
    </message>
    <message>
        <source>age –</source>
        <translation>延迟 –</translation>
    </message>
    <message>
        <source>NO SOURCE</source>
        <translation>无图像源</translation>
    </message>
    <message>
        <source>OPENING</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>LOADING MODEL</source>
        <translation>加载模型</translation>
    </message>
    <message>
        <source>NO MODEL</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>PICTURE STANDS STILL</source>
        <translation>画面静止</translation>
    </message>
    <message>
        <source>READY</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>BUSY</source>
        <translation>忙</translation>
    </message>
    <message>
        <source>FAULT</source>
        <translation>故障</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::Stepper</name>
    <message>
        <source>%1: less</source>
        <translation>%1：减少</translation>
    </message>
    <message>
        <source>%1: more</source>
        <translation>%1：增加</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::StoredPicture</name>
    <message>
        <source>Picture of the earlier answer</source>
        <translation>较早回答的图片</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Newer answer</source>
        <translation>较新的回答</translation>
    </message>
    <message>
        <source>K</source>
        <translation>K</translation>
    </message>
    <message>
        <source>Older answer</source>
        <translation>较早的回答</translation>
    </message>
    <message>
        <source>J</source>
        <translation>J</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Loading the picture</source>
        <translation>正在读取图片</translation>
    </message>
    <message>
        <source>The picture is missing or altered</source>
        <translation>图片缺失或被改动过</translation>
    </message>
    <message>
        <source>What was answered is still in the database.</source>
        <translation>回答内容仍在数据库中。</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::Thumbnail</name>
    <message>
        <source>Picture of this answer</source>
        <translation>该回答的图片</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::TopBar</name>
    <message>
        <source>Picture source</source>
        <translation>图像源</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Choose a source</source>
        <translation>选择图像源</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>lost, trying again</source>
        <translation>断开，正在重试</translation>
    </message>
    <message>
        <source>not available</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>未加载</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>loading %1</source>
        <translation>正在加载 %1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>could not be loaded</source>
        <translation>无法加载</translation>
    </message>
    <message>
        <source>stands still</source>
        <translation>静止</translation>
    </message>
    <message>
        <source>login refused</source>
        <translation>登录被拒</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::TriggerBar</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 asked, %2 skipped</source>
        <translation>已提问 %1，跳过 %2</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>定时</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>运动</translation>
    </message>
    <message>
        <source>Only a person asks</source>
        <translation>仅由人提问</translation>
    </message>
    <message>
        <source>Asks again and again</source>
        <translation>反复提问</translation>
    </message>
    <message>
        <source>Asks once for each part that comes to rest</source>
        <translation>每个停稳的零件提问一次</translation>
    </message>
    <message>
        <source>Time between two questions</source>
        <translation>两次提问的间隔</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Change that counts as motion</source>
        <translation>算作运动的变化量</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Asked by the trigger: %1 Press for the next question.</source>
        <translation>触发提问：%1 按下切换下一个问题。</translation>
    </message>
    <message>
        <source>Question of the trigger: %1</source>
        <translation>触发的问题：%1</translation>
    </message>
    <message>
        <source>motion %1</source>
        <translation>运动 %1</translation>
    </message>
    <message>
        <source>every %1 s: %2</source>
        <translation>每 %1 秒：%2</translation>
    </message>
    <message>
        <source>on motion: %1</source>
        <translation>有运动时：%1</translation>
    </message>
</context>
<context>
    <name>auroraedge::ui::VerdictTile</name>
    <message>
        <source>Verdict %1</source>
        <translation>判定 %1</translation>
    </message>
</context>
<context>
    <name>charts</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>d MMM</source>
        <extracomment>day and month, as QLocale takes them</extracomment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
</context>
<context>
    <name>durations</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
</TS>
